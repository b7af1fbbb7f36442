import { render } from 'lit';
import { invitationToken, placeNow } from './address.ts';
import { InvitationScreen } from './invitation.ts';
import { Session } from './session.ts';
import { SignInScreen } from './sign-in.ts';
import { restoreTheme } from './theme.ts';
import { RestoringScreen, UnreachableScreen } from './waiting.ts';
import { WorkspaceScreen } from './workspace.ts';

type Screen = RestoringScreen | UnreachableScreen | SignInScreen | InvitationScreen | WorkspaceScreen;

const place = document.querySelector<HTMLElement>('#console')!;
const session = new Session(draw);
let screen: Screen | undefined;

/** Brings the page in line with the session and the address. */
function draw() {
  if (session.state === 'signed-out' && placeNow().id) history.replaceState(null, '', location.pathname);
  const before = screen;
  screen = nextScreen();
  const isOtherView = screen instanceof WorkspaceScreen && screen.show(placeNow());
  document.title = titleOf(screen);
  if (screen !== before) render(null, place);
  render(screen.render(), place);
  if (screen !== before) (place.querySelector('input') ?? place.querySelector('h1'))?.focus();
  else if (isOtherView) place.querySelector('h1')?.focus();
}

/** The screen that is due; the present one where it still fits, so that nothing typed is lost. */
function nextScreen(): Screen {
  const { state } = session;
  const token = invitationToken();
  if (state === 'restoring') return screen instanceof RestoringScreen ? screen : new RestoringScreen();
  if (state === 'unreachable') return screen instanceof UnreachableScreen ? screen : new UnreachableScreen(session);
  if (token)
    return screen instanceof InvitationScreen && screen.token === token ? screen : new InvitationScreen(token, session, draw);
  if (state === 'signed-in') return screen instanceof WorkspaceScreen ? screen : new WorkspaceScreen(session, draw);
  return screen instanceof SignInScreen ? screen : new SignInScreen(session, draw);
}

function titleOf(shown: Screen) {
  if (shown instanceof WorkspaceScreen) return `${shown.title} – ${session.me!.workspace.name} – Millrace`;
  if (shown instanceof InvitationScreen) return 'Invitation – Millrace';
  return shown instanceof SignInScreen ? 'Sign in – Millrace' : 'Millrace';
}

function reconnected() {
  if (session.state === 'unreachable') void session.restore();
  if (screen instanceof WorkspaceScreen) screen.reconnected();
  draw();
}

addEventListener('hashchange', draw);
addEventListener('online', reconnected);
addEventListener('offline', draw);
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void session.check();
});
restoreTheme(draw);
void session.restore();
