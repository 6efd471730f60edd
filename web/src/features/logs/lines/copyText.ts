import { notifications } from '@mantine/notifications';

/** Puts a text on the clipboard and says so, or says why it could not. */
export function copyText(text: string, what: string): void {
  // Absent where the page did not come over TLS or from this machine.
  const copied = navigator.clipboard
    ? navigator.clipboard.writeText(text)
    : Promise.reject(new Error('The browser gives the clipboard only to pages over HTTPS.'));
  copied.then(
    () => notifications.show({ color: 'green', message: `${what} is on the clipboard.`, autoClose: 2000 }),
    (error: Error) =>
      notifications.show({ color: 'red', title: `${what} was not copied`, message: error.message }),
  );
}
