/** Invite, join, leave. */

export default {
  'invite.title': 'Make an invitation',
  'invite.intro': 'You choose the days. Your partner can join or do nothing, and nothing here will tell you which.',
  'invite.wording': 'What is it about?',
  'invite.wording.marriage': 'Our marriage',
  'invite.wording.relationship': 'Our relationship',
  'invite.plan': 'When do rounds close?',
  'invite.plan.days': 'On a day of the week',
  'invite.plan.minutes': 'Minutes apart, to try it',
  'invite.date': 'The first round closes on',
  'invite.time': 'At',
  'invite.zone': 'Times are those of {zone}. A quiet evening suits many people.',
  'invite.every': 'After that',
  'invite.every.week': 'Every week',
  'invite.every.fortnight': 'Every two weeks',
  'invite.rounds': 'How many rounds',
  'invite.rounds.hint': 'After the last one it ends by itself.',
  'invite.first': 'First close in (minutes)',
  'invite.apart': 'Then every (minutes)',
  'invite.code': 'Access code',
  'invite.code.hint': 'Whoever runs this server gives it out.',
  'invite.closes': 'The rounds would close on',
  'invite.make': 'Make the invitation',
  'invite.problem.date': 'Please give a day and an hour.',
  'invite.problem.too_soon': 'That is too soon. The first round can close {lead} from now at the earliest.',
  'invite.problem.rounds': 'Please pick 1 to 12.',
  'invite.problem.minutes': 'Rounds need a little more time than that: at least {lead}.',
  'invite.problem.access_code': 'Please give the access code.',
  'invite.lead.hours': '{n} h',
  'invite.lead.minutes': '{n} min',
  'invite.lead.seconds': '{n} s',

  'invite.creating': 'Making it',
  'wait.body': 'One moment.',
  'wait.unknown': 'Waiting for a reply',
  'wait.unknown.body':
    'No reply has come from the server yet. The same request is being sent again; nothing happens twice.',

  'invite.ready': 'The invitation',
  'invite.ready.once':
    'Send it once, in your own way. Then there is nothing more to do. Being asked whether it arrived can feel like pressure.',
  'invite.message':
    'There is a small thing called Ajar. On fixed days it asks each of us, in private, whether we would be open to one conversation. It shows only whether both of us are. Ajar does not tell me whether you open it. You do not have to do anything with it, and doing nothing is fine.\n\n{link}\n\nIf you use the link, this message can be deleted afterwards.',
  'invite.text': 'The message',
  'invite.share': 'Share it',
  'invite.copy': 'Copy the message',
  'invite.copy.link': 'Copy the link alone',
  'invite.copied': 'Copied.',
  'invite.not.copied': 'This browser would not copy. You can mark the text above and copy it by hand.',
  'invite.qr': 'Show it as a QR code',
  'invite.qr.label': 'QR code of the invitation',
  'invite.delete':
    'You can delete your own copy of the message once it is sent. Until {when} the invitation can be found here.',
  'invite.first.phone':
    'The first phone that joins with it takes the place, and nobody can take it twice. So do not try the link out yourself.',
  'invite.go': 'To the first round',
  'invite.expired': 'The invitation has expired',
  'invite.expired.body':
    'It can no longer be used. Whether it was is not shown. The rounds go on as planned, either way.',

  'refused.access_code': 'That access code is not right.',
  'refused.has_seat': 'This browser already has a place in other rounds. It can hold one at a time.',
  'refused.too_many_requests': 'There were too many tries from here. Please wait a few minutes.',
  'refused.storage':
    'This browser could not keep what is needed on this phone. Perhaps its storage is full, or switched off in a private window.',
  'refused.other': 'The server did not take it, and nothing was changed. (Its word for it: {code}.)',
  'refused.form': 'Back to the form',
  'pairing.refused': 'That did not work',

  'join.title': 'You have an invitation',
  'join.paste': 'The invitation',
  'join.paste.hint': 'Paste the message here, all of it or just its link.',
  'join.paste.installed':
    'On an iPhone or iPad: if you want Ajar on your Home Screen, add it there first and paste the invitation inside it. Safari and the Home Screen share nothing.',
  'join.paste.problem': 'There is no invitation in this text. Please paste the whole message.',
  'join.look': 'Read it',
  'join.looking': 'Reading the invitation',
  'join.unreachable': 'No connection',
  'join.unreachable.body': 'The invitation could not be read. Nothing has been used up.',
  'join.what.marriage':
    'Someone would like to know whether you are both open to one conversation about your marriage: about what it would take to even think about working on it.',
  'join.what.relationship':
    'Someone would like to know whether you are both open to one conversation about your relationship: about what it would take to even think about working on it.',
  'join.nothing': 'Doing nothing with this is fine. Joining is not an answer, and it promises nothing.',
  'join.unreported': 'Ajar tells nobody that you opened this, or whether you join.',
  'join.alike':
    'If you join, “not this time” and no answer look alike to the other: in every round, whatever happens, until both of you are open.',
  'join.closes': 'The rounds close on',
  'join.closes.zone': 'In your own time zone.',
  'join.until': 'You can take it up until {when}.',
  'join.do': 'Join',
  'join.not': 'Not now',
  'join.joining': 'Joining',
  'join.joined': 'You have joined',
  'join.joined.body':
    'Please delete the message with the invitation now. The link may also be in this browser’s history.',
  'join.go': 'Go on',
  'join.gone': 'This invitation cannot be used',
  'join.gone.body':
    'It has been used, or has expired, or is not known here. If you joined in another browser on this phone, open Ajar there. If none of yours used it, someone else may have the place.',
  'join.other': 'Paste another one',

  'leave.title': 'Leave the rounds',
  'leave.intro': 'There are two ways. Both are final, and neither needs a reason.',
  'leave.quiet': 'Leave quietly',
  'leave.quiet.body':
    'Nothing changes for your partner. Every round that is left is quiet for them, as it might be anyway.',
  'leave.tell': 'Tell them I have decided',
  'leave.tell.body':
    'From {when} on they can read here that you have decided, in fixed words. It ends the rounds for both.',
  'leave.quiet.sure': 'Leave quietly?',
  'leave.tell.sure': 'Tell them that you have decided?',
  'leave.tell.words': 'From {when} on they can read exactly this:',
  'leave.tell.safety':
    'If you are afraid of how they might take it, or if they have ever threatened or hurt you: please do not send this now. Leaving quietly tells them nothing. Talk to one of the help lines first.',
  'leave.final':
    'This cannot be undone. Your answers, your phones and your reminders are erased from the server, and this phone forgets the rounds.',
  'leave.do.quiet': 'Leave quietly',
  'leave.do.tell': 'Tell them, and leave',
  'leave.sending': 'Leaving',
  'leave.done': 'You have left',
  'leave.done.body': 'Nothing of these rounds is left on this phone.',
  'leave.done.tell':
    'Your partner can read the words here from {when} on. If you live together, think about where you want to be then.',
  'leave.close': 'Close',
  'leave.over.sure': 'Clear this from the phone?',
  'leave.over.body':
    'This phone forgets the rounds, and your part is erased from the server. Your partner sees no change.',
  'leave.do.over': 'Clear it',
  'join.gap':
    'There is one gap: until {when}, whoever has the link could try to use it, and would see that it no longer works if you have joined.',
  'leave.next': 'the next close',
  'leave.unknown.body':
    'No reply has come yet, so nobody can say whether you have left. While this page is open, it is being sent again. If you close it, open Ajar later with a connection: if you still see the rounds, you have not left.',
  'refused.no_pair':
    'The server knows no place for this phone. So there was nothing to leave, and nobody was told. You can clear what this phone keeps on its first page.',
} as const;
