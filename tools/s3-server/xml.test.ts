import { describe, expect, it } from 'vitest';
import { childText, escapeXml, readXml } from './xml.ts';

describe('readXml', () => {
  it('reads elements, attributes, entities, comments and empty elements', () => {
    const source = `\uFEFF<?xml version="1.0" encoding="UTF-8"?>
      <!-- hello -->
      <s3:Delete xmlns:s3="http://s3.amazonaws.com/doc/2006-03-01/" a='b'>
        <Object><Key>a&amp;b &lt;c&gt; &#x1F680;&#13;&quot;</Key></Object><!-- > -->
        <Quiet/>
      </s3:Delete>
      `;
    expect(readXml(source)).toEqual({
      name: 'Delete',
      text: '',
      children: [
        {
          name: 'Object',
          text: '',
          children: [{ name: 'Key', text: 'a&b <c> 🚀\r"', children: [] }],
        },
        { name: 'Quiet', text: '', children: [] },
      ],
    });
  });

  it.each([
    ['nothing', ''],
    ['text alone', 'hello'],
    ['an unclosed element', '<a><b></b>'],
    ['crossed elements', '<a><b></a></b>'],
    ['two roots', '<a/><b/>'],
    ['text beside elements', '<a>x<b/></a>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['a bare ampersand', '<a>a & b</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['a lone surrogate', '<a>&#xD800;</a>'],
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'],
    ['CDATA', '<a><![CDATA[x]]></a>'],
    ['a processing instruction', '<a><?php ?></a>'],
    ['an attribute without quotes', '<a b=c/>'],
    ['too deep a nest', `${'<a>'.repeat(40)}${'</a>'.repeat(40)}`],
  ])('refuses %s', (_name, source) => {
    expect(() => readXml(source)).toThrow(
      expect.objectContaining({ code: 'MalformedXML' }),
    );
  });

  it('reads back what escapeXml wrote', () => {
    const text = 'a<b>&"c"\u0001\t\r\n😀';
    expect(childText(readXml(`<a><k>${escapeXml(text)}</k></a>`), 'k')).toBe(text);
  });
});
