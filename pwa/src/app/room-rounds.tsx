/** The screens of a round, joined to the shell. */

import { askedOf, closedRound, erasedAt } from '../rounds/rules';
import { reduceAnswer, type AnswerState } from '../rounds/flow-answer';
import { runAnswer } from '../rounds/run-answer';
import Answer from '../rounds/view-answer';
import Honest from '../rounds/view-honest';
import Outcome from '../rounds/view-outcome';
import Over from '../rounds/view-over';
import Problem from '../rounds/view-problem';
import { machine } from './machine';
import { back, go, screen } from './navigation';
import type { Shown } from './rooms';
import { config, home, readHonestPage, silenceReminders } from './session';

const nothing: AnswerState = { step: 'nothing' };
const answer = machine(
  nothing,
  reduceAnswer,
  runAnswer({
    asked: () => askedOf(home.state.peek()),
    refresh: () => home.send({ type: 'refresh' }),
    silence: silenceReminders,
  }),
);

const isAnswering = (name: Shown['name']) => name === 'answer' || name === 'stop';

// Whoever went elsewhere while the answer was on its way is told when it did not count.
answer.state.subscribe(({ step }) => {
  if ((step === 'late' || step === 'refused') && !isAnswering(screen.peek().name)) go({ name: 'answer' });
});

export function enter(shown: Shown) {
  if (isAnswering(shown.name)) answer.send({ type: 'open', stop: shown.name === 'stop' });
  if (shown.name === 'outcome') home.send({ type: 'looked', round: shown.round });
}

export function left(shown: Shown) {
  if (isAnswering(shown.name)) answer.send({ type: 'left' });
}

export function Room({ shown }: { shown: Shown }) {
  const { shown: state, seat } = home.state.value;
  if (shown.name === 'problem' && state.kind === 'problem') return <Problem problem={state.problem} send={home.send} />;
  if (shown.name === 'over' && state.kind === 'over') return <Over state={state} send={home.send} />;
  if (shown.name === 'honest') {
    const read = () => void readHonestPage().then(() => (shown.first ? undefined : back()));
    return <Honest first={shown.first} config={config.value} onRead={read} />;
  }
  if (isAnswering(shown.name)) return <Answer state={answer.state.value} send={answer.send} />;
  const closed = shown.name === 'outcome' ? closedRound(state, shown.round) : undefined;
  if (closed === undefined || seat === null) return null;
  const next = state.kind === 'running' ? (state.round?.closesAt ?? null) : null;
  return <Outcome closed={closed} erasedAt={erasedAt(seat)} next={next} />;
}
