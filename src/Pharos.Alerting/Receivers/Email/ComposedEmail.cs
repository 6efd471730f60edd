using MimeKit;

namespace Pharos.Alerting.Receivers.Email;

/// <summary>A message and its envelope, which follows the options even where headers of the same name differ.</summary>
internal sealed record ComposedEmail(MimeMessage Message, MailboxAddress Sender, IReadOnlyList<MailboxAddress> Recipients)
    : IDisposable
{
    public void Dispose() => Message.Dispose();
}
