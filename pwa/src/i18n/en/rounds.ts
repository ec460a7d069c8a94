/** Before you answer, rate, answer, sent, outcome, over. */

export default {
  'honest.title': 'Before you answer',
  'honest.open': 'What “open” means',
  'honest.open.body':
    'Open to one conversation about what it would take to even think about working on it. That is all. It is not a yes to staying, to counselling, or to a second conversation.',
  'honest.learn': 'What each of you can learn',
  'honest.learn.both':
    'If both of you answer “open”, both phones show that after the close. Otherwise the round is quiet on both. Two exceptions are said plainly: a round that the server lost, and one of you choosing to tell the other “I have decided”.',
  'honest.learn.you':
    'If you answer “open” and see quiet, you know that the other was not open or did not answer. You cannot know which.',
  'honest.learn.other':
    'If the other answered “open” and you did not, quiet shows them that you were not open, or did not answer. After several rounds that says more.',
  'honest.learn.closed': 'If you answer “not this time”, or nothing, quiet tells you nothing about the other.',
  'honest.learn.change': 'You can change your answer until the close. The last one counts.',
  'honest.expect': 'What to expect',
  'honest.expect.body': 'Expect quiet. It is the usual outcome, and it gives no reasons.',
  'honest.expect.study':
    'Divorcing parents in the United States were asked about help to come back together. In about one couple in ten both were at least perhaps interested; in about one in three, one was and the other was not. It says nothing about the two of you.',
  'honest.expect.source':
    'Doherty, Willoughby and Peterson, Family Court Review, 2011: 329 couples; “maybe” counted as interest.',
  'honest.host': 'Who runs this server',
  'honest.host.named': 'It is run by {operator}.',
  'honest.host.unnamed': 'It does not say who runs it.',
  'honest.host.neither':
    'That must be neither of you. A partner who runs the server could work out your answers while rounds are running, even one you took back.',
  'honest.see': 'What whoever runs it can see',
  'honest.see.can':
    'That the invitation was used. When a phone opens Ajar or sends an answer, and from which network, so roughly from where. When reminders are due, when someone leaves, and whether they asked to have it said. When rounds close, and which one found both of you open. Someone watching closely would also notice if both were open and one then had a change of mind.',
  'honest.see.cannot':
    'Not your number: it never leaves this phone. And not whether an answer says “open” or “not this time”, unless both were open.',
  'honest.see.code':
    'Two limits. Whoever serves this app could change it so that it passes on your answers. And the invitation, together with a recording of what this server received, could open answers. So the message with it should be deleted once you have both joined.',
  'honest.phone': 'What a phone can show',
  'honest.phone.body':
    'Whoever holds this phone unlocked can answer or leave in your place, or have your partner told that you have decided. Ajar does not keep your number or your answer. It does keep the dates and how closed rounds ended. A phone can be searched or demanded in court, and so can what the server holds.',
  'honest.not': 'Ajar is not therapy, and it is not medical or legal advice.',
  'honest.read': 'I have read this',

  'rate.title': 'For yourself, first',
  'rate.question': 'How willing are you today to explore what it would take to even think about working on this?',
  'rate.low': '0: not at all',
  'rate.high': '10: fully',
  'rate.private':
    'The number is for you. It never leaves this phone, and it is forgotten when you go on. Your answer is a separate thing.',
  'rate.thoughts': 'Two thoughts, if you like',
  'rate.lower': 'Why not lower?',
  'rate.higher': 'Why not higher?',
  'rate.nothing': 'There is nothing to write, and no right number. You can go on without one.',
  'rate.next': 'Go on to the answer',

  'answer.title': 'Your answer',
  'answer.question': 'Are you open to one conversation?',
  'answer.about': 'About what it would take to even think about working on it. Nothing more follows from it.',
  'answer.open': 'Open to one conversation',
  'answer.closed': 'Not this time',
  'answer.scope': 'For how long?',
  'answer.scope.round': 'For this round',
  'answer.scope.rest': 'For every round that is left',
  'answer.scope.rest.hint':
    'If it is for every round, your reminders end too. You can still change any round until it closes.',
  'answer.until': 'You can change it until {when}. The last one counts.',
  'answer.send': 'Send',
  'answer.pick': 'Pick one of the two first.',
  'answer.back': 'Back to the number',

  'sending.title': 'Sending',
  'sending.body': 'One moment.',
  'unknown.title': 'It may not have arrived',
  'unknown.body':
    'No reply has come, so nobody can say yet whether it arrived. While this page is open, it is being sent again.',
  'unknown.closing':
    'It is not kept on this phone. If you close the page now, come back before the close and answer again, to be sure.',
  'sent.title': 'Sent',
  'sent.body': 'This phone keeps no trace of what you sent. You can change it until {when}.',
  'sent.rest': 'It holds for every round that is left. Your reminders have ended.',
  'to.round': 'Back to this round',

  'late.closed': 'Too late for this round',
  'late.closed.body': 'The round closed before your answer arrived. It was not taken, and nothing was shared.',
  'late.own_clock': 'By this phone, the round is over',
  'late.own_clock.body':
    'This phone’s clock says that the closing time has passed. So nothing was sent, and nothing was shared.',
  'late.ended': 'The rounds are over',
  'late.ended.body': 'Your answer was not taken, and nothing was shared.',
  'late.closed_unknown': 'The round closed meanwhile',
  'late.closed_unknown.body':
    'No reply came before the close. Your answer arrived in time, or it did not: nobody can say which. It will not be sent again.',
  'late.clock': 'This phone’s clock differs from the server’s by {n} min. Please set it to the right time.',
  'late.again': 'Answer the next round',
  'behind.title': 'A later answer stands',
  'behind.body':
    'An answer that was sent after this one, from another page of this phone, has been taken already. It stands, and this one was not taken.',
  'behind.other': 'You can still change it until the close.',
  'behind.again': 'Answer again',
  'refused.title': 'The server did not take it',
  'refused.body': 'Nothing was shared. Please try again in a few minutes. (The server’s word for it: {code}.)',
  'nothing.title': 'There is nothing to answer now',
  'nothing.body': 'No round is open at this moment.',

  'stop.title': 'Stop asking me',
  'stop.body': 'This answers “not this time” for every round that is left, and ends your reminders.',
  'stop.other': 'Your partner sees quiet, as after any other round. They are not told that you did this.',
  'stop.change': 'If you ever want to, you can still change a round until it closes. Nothing will ask you to.',
  'stop.do': 'Stop asking me',

  'quiet.title': 'The round of {day} was quiet',
  'quiet.lead': 'Not both of you answered “open”.',
  'quiet.body':
    'That is all it says. It gives no reasons, it is nobody’s failure, and it is how most rounds can be expected to end.',
  'quiet.self':
    'Whatever you feel about it is all right: sad, relieved, both, or nothing much. For now, something small for yourself is enough: eat, sleep, or ring one person you trust.',
  'quiet.next': 'The next round closes on {when}. You do not have to do anything.',
  'both.title': 'On {day} you were both open to one conversation',
  'both.lead': 'You both said so for that round. That is all either of you said.',
  'both.body':
    'It is not agreeing to stay, and nothing has to follow from it. Either of you may still say: not now. If the thought of it frightens you, do not have it. Talk to a help line first.',
  'both.time': 'There is no hurry. Nobody has to begin today, and a good hour matters more than an early one.',
  'both.until':
    'This page stays until {day}. Then the server erases these rounds. This phone keeps its part until you clear it.',
  'both.guide': 'A guide for this conversation',
  'uncounted.title': 'The round of {day} could not be counted',
  'uncounted.body':
    'Something was lost on the server, for everybody alike, whatever anyone answered and if nobody did. So this round says nothing: it is neither open nor quiet.',

  'over.closed': 'A round has closed',
  'over.title': 'The rounds are over',
  'over.lead': 'They have come to their end, as planned.',
  'over.body':
    'You need do nothing more here. No round found both of you open, and that is nobody’s failure. Leaving is not a failure, and staying is not one.',
  'over.both.body': 'No more rounds follow.',
  'over.own': 'What comes next is yours to choose, and it need not be chosen today.',
  'over.erased':
    'The server erases these rounds on {day}. This phone keeps the dates and how they ended until you clear it.',
  'over.decided.lead': 'Your partner has asked for some words to be shown to you.',
  'over.decided.body': 'Nothing more will be asked of you here, and no answer is expected.',
  'over.decided.self':
    'You do not have to do anything with this today. Eat something, try to sleep, and ring one person you trust. If the night gets too long, or you think of ending your life, the page below has people you can call.',
  'over.leave': 'Clear this from the phone',

  'problem.keys_missing': 'The keys are not on this phone',
  'problem.keys_missing.body':
    'This browser has a place in your rounds, but the keys that belong to it are gone: perhaps its data was cleared. Without them nothing can be shown or answered here. That is not the same as quiet. Leaving works without keys.',
  'problem.seat_missing': 'Your place is not known here',
  'problem.seat_missing.body':
    'This phone has keys, but the server knows no place that belongs to them: perhaps cookies were cleared, or you left on another phone. Nothing can be shown or answered here. That is not the same as quiet.',
  'problem.erased': 'These rounds have been erased',
  'problem.erased.body':
    'Their time is over, and the server has erased all it had. This phone still keeps its own small part.',
  'problem.closes_differ': 'The dates do not match',
  'problem.closes_differ.body':
    'The server shows other closing times than the ones you agreed to. So nothing is shown, and nothing is sent. That is not the same as quiet. The host of this server should know.',
  'problem.seat_differs': 'This is not your place',
  'problem.seat_differs.body':
    'The server shows another pair than the one this phone has keys for. So nothing is shown, and nothing is sent. That is not the same as quiet.',
  'problem.clear': 'Erase what this phone keeps',
  'problem.clear.sure': 'Erase it for good?',
  'problem.clear.body': 'The keys of these rounds cannot be brought back.',
  'problem.clear.yes': 'Yes, erase it',
  'over.decided.read': 'Read them',
  'honest.see.link':
    'Until the invitation expires, whoever has its link could try to use it, and would see whether it still works.',
} as const;
