import { UnfinishedWork } from '../../shared/contract/app.ts';

/** What would be lost with this window: main asks before it lets it go. */
export interface Unfinished {
  /** Something is begun; returns how to say that it is done with. */
  readonly hold: (what: UnfinishedWork) => () => void;
}

/** Makes the list of a window that is new: what an earlier page held is gone. */
export function createUnfinished(
  tell: (what: UnfinishedWork | null) => void,
): Unfinished {
  const held = { start: 0, edit: 0, drag: 0, verify: 0 };
  let told: UnfinishedWork | null = null;

  function settle(): void {
    const what = UnfinishedWork.options.find((each) => held[each] > 0) ?? null;
    if (what === told) return;
    told = what;
    tell(what);
  }

  tell(null);
  return {
    hold: (what) => {
      held[what] += 1;
      settle();
      let isHeld = true;
      return () => {
        if (isHeld) held[what] -= 1;
        isHeld = false;
        settle();
      };
    },
  };
}
