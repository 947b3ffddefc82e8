import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ConsoleReading } from '../../../../shared/domain/cors/console-error.ts';
import type { CorsQuestion, RuleOrder } from '../../../../shared/domain/cors/match.ts';
import {
  readHeaderNames,
  readMethod,
  readOrigin,
} from '../../../../shared/domain/cors/question.ts';
import type { PreflightAnswer } from '../../../../shared/domain/exposure.ts';
import type { AppError } from '../../../../shared/errors/error.ts';

/** What was asked of the server, and what it said. */
export type Exchange =
  | { readonly state: 'asking'; readonly question: CorsQuestion }
  | {
      readonly state: 'answered';
      readonly question: CorsQuestion;
      readonly answer: PreflightAnswer;
    }
  | {
      readonly state: 'failed';
      readonly question: CorsQuestion;
      readonly error: AppError;
    };

/** The lab as it is filled in. */
export interface LabState {
  /** From a browser's console. */
  readonly pasted: string;
  readonly origin: string;
  readonly method: string;
  /** With commas between them. */
  readonly headers: string;
  readonly credentials: boolean;
  /** Somebody wanted to go on: what is only missing is said now. */
  readonly complained: boolean;
  readonly exchange: Exchange | null;
  /** Which rule the server asks, as far as its answers told. */
  readonly order: RuleOrder;
}

const EMPTY: LabState = {
  pasted: '',
  origin: '',
  method: 'GET',
  headers: '',
  credentials: false,
  complained: false,
  exchange: null,
  order: 'first-fit',
};

/** Makes a lab with nothing in it. */
export function createLab(): StoreApi<LabState> {
  return createStore<LabState>(() => EMPTY);
}

const LabContext = createContext<StoreApi<LabState> | null>(null);

/** Hands the lab to the views of a sheet. */
export const LabProvider = LabContext.Provider;

/** The lab of the sheet around. */
export function useLab(): {
  readonly lab: LabState;
  readonly store: StoreApi<LabState>;
} {
  const store = useContext(LabContext);
  if (store === null) throw new Error('no lab around');
  return { lab: useStore(store), store };
}

/** What the lab asks, as far as it is filled in. */
export interface AskedQuestion {
  /** `null`: something is missing or wrong. */
  readonly question: CorsQuestion | null;
  readonly problems: {
    readonly origin?: string;
    readonly method?: string;
    readonly headers?: string;
  };
}

/** The question of what was typed. */
export function questionOf(lab: LabState): AskedQuestion {
  const origin = readOrigin(lab.origin);
  const method = readMethod(lab.method);
  const headers = readHeaderNames(lab.headers);
  if (origin.ok && method.ok && headers.ok) {
    const { credentials } = lab;
    return {
      question: {
        origin: origin.value,
        method: method.value,
        headers: headers.value,
        credentials,
      },
      problems: {},
    };
  }
  const isTyped = lab.complained || lab.origin.trim() !== '';
  return {
    question: null,
    problems: {
      ...(origin.ok || !isTyped ? {} : { origin: origin.message }),
      ...(method.ok ? {} : { method: method.message }),
      ...(headers.ok ? {} : { headers: headers.message }),
    },
  };
}

/** A lab with what a console's text says filled in; what it does not say stays. */
export function filledFrom(
  lab: LabState,
  pasted: string,
  reading: ConsoleReading | null,
): LabState {
  if (reading === null) return { ...lab, pasted };
  const { origin, method, headers, credentials } = reading;
  return {
    ...lab,
    pasted,
    origin: origin ?? lab.origin,
    method: method ?? lab.method,
    headers: headers.length > 0 ? headers.join(', ') : lab.headers,
    credentials: credentials ?? lab.credentials,
    exchange: null,
  };
}
