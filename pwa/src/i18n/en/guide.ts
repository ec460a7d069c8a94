/** The guide for the one conversation. Written to be read aloud, or printed, by either of the two. */

export default {
  'guide.title': 'A guide for one conversation',
  'guide.lead': 'Take from it what helps, and leave the rest.',
  'guide.print': 'Print this page',

  'guide.for': 'What it is for',
  'guide.for.1':
    'To find out what it would take, for each of you, to even think about working on it. It is not for deciding, not for settling the past, and not for bringing the other round.',

  'guide.when': 'When',
  'guide.when.1': 'Either of you may name a day and an hour, once. If no answer comes, let it rest.',
  'guide.when.2':
    'Pick an hour when both are rested. Not late at night, not after drinking, not with the children within earshot.',

  'guide.where': 'Where',
  'guide.where.1': 'A place that both can leave by themselves: a walk, a bench, a quiet café. Not in a car.',
  'guide.where.2': 'If you live apart, a call will do.',

  'guide.long': 'How long',
  'guide.long.1': 'Forty-five minutes. Set an alarm, and stop when it rings, even if it is going well.',

  'guide.rules': 'Ground rules',
  'guide.rules.1': 'One speaks for a few minutes, the other listens. Then you change over.',
  'guide.rules.2': 'Speak of yourself: “I”, rather than “you always”.',
  'guide.rules.3': 'No convincing, no bargaining, and no threats: not with money, children or lawyers.',
  'guide.rules.4': 'Nothing is decided today.',
  'guide.rules.5': 'What is said stays between the two of you, apart from anyone you go to for help.',

  'guide.ask': 'What each may ask',
  'guide.ask.1': 'What would it take, for you, to even think about working on this?',
  'guide.ask.2': 'What would have to be different? And which part of that is mine?',
  'guide.ask.3': 'What worries you about trying? And what worries you about not trying?',
  'guide.ask.4': 'What do you wish I had understood by now?',
  'guide.ask.5': 'Whatever comes of this: what would make the next weeks more bearable?',
  'guide.ask.pass': 'Any question can be passed over. “I do not know yet” is an answer, and so is no.',

  'guide.stop': 'How to stop',
  'guide.stop.1': 'Either of you can say: “Let us stop here.” It needs no reason. The other says: “All right.”',
  'guide.stop.2': 'If voices rise, stop for that day.',
  'guide.stop.3': 'If you are afraid at any moment, go. You need not finish the sentence.',

  'guide.after': 'Afterwards',
  'guide.after.1':
    'Nothing has to follow. Sleep at least one night before you speak of it again. Then either of you may say: once more, or with a counsellor, or that was it.',

  'guide.counsellor': 'Finding a discernment counsellor',
  'guide.counsellor.1':
    'Discernment counselling is made for two people of whom one leans out and one leans in. It takes one to five sessions, much of them with each alone. It does not mend anything: it is for seeing clearly which of three ways to go. Stay as you are, part, or give couples therapy all you have for about six months.',
  'guide.counsellor.2':
    'It is not for couples where one is in danger or is being made to come, or where one has decided and wants the other brought round.',
  'guide.counsellor.3':
    'Search for “discernment counselling” (in the United States “discernment counseling”) with the name of your region. Some work by video, so it need not be near. A good question to ask: were you trained in this, and do you see each of us alone?',
  'guide.counsellor.4':
    'If you find nobody, ask a couples therapist whether they would see you for a few sessions only to help you see clearly, with no promise to go on.',
  'guide.source':
    'On discernment counselling: Doherty, Harris and Wilde, Journal of Marital and Family Therapy, 2016. The guide itself was written for Ajar. It is not therapy, and not medical or legal advice.',
} as const;
