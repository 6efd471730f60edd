using System.Globalization;
using MimeKit;
using MimeKit.Utils;
using Pharos.Storage.Text;

namespace Pharos.Alerting.Receivers.Email;

/// <summary>Makes the message: headers, then text and HTML as alternatives, the preferred one last.</summary>
internal sealed class EmailComposer(EmailOptions options, TimeProvider clock)
{
    private const string MessageId = "Message-Id";
    private const int ThreadHashLength = 16;

    /// <exception cref="EmailAddressException">A sender or recipient is no address.</exception>
    public ComposedEmail Compose(NotificationRenderer renderer)
    {
        var message = new MimeMessage();
        message.Headers.Clear();
        var from = Addresses("from", renderer.Text("from", options.From, options.From));
        if (from.Count != 1)
        {
            throw new EmailAddressException(string.Create(CultureInfo.InvariantCulture,
                $"must be exactly one 'from' address (got: {from.Count})"));
        }
        var to = Addresses("to", renderer.Text("to", options.To, options.To));
        WriteHeaders(message, renderer, from, to);
        message.Date = clock.GetLocalNow();
        WriteThread(message, renderer);
        message.Body = Body(renderer);
        return new ComposedEmail(message, from.Mailboxes.First(), [.. to.Mailboxes]);
    }

    private static InternetAddressList Addresses(string field, string text) =>
        InternetAddressList.TryParse(text, out var list) && list.Count > 0 && list.Mailboxes.All(static m => m.Address.Contains('@', StringComparison.Ordinal))
            ? list : throw new EmailAddressException($"parse '{field}' addresses: {GoQuote.Quote(text)} is no list of addresses");

    private void WriteHeaders(
        MimeMessage message, NotificationRenderer renderer, InternetAddressList from, InternetAddressList to)
    {
        message.From.AddRange(from);
        message.To.AddRange(to);
        var subject = options.Subject ?? EmailOptions.DefaultSubject;
        foreach (var (name, template) in options.Headers)
        {
            var value = OneLine(renderer.Text("headers." + name, template, renderer.PlainSubject()));
            switch (name.ToLowerInvariant())
            {
                case "subject":
                    subject = template;
                    break;
                case "to":
                    message.To.Clear();
                    message.Headers.Add("To", value);
                    break;
                case "from":
                    message.From.Clear();
                    message.Headers.Add("From", value);
                    break;
                default:
                    message.Headers.Add(Canonical(name), value);
                    break;
            }
        }
        message.Subject = OneLine(renderer.Text("subject", subject, renderer.PlainSubject()));
        if (!options.Headers.Keys.Any(static name => name.Equals(MessageId, StringComparison.OrdinalIgnoreCase)))
        {
            message.MessageId = MimeUtils.GenerateMessageId();
        }
    }

    private void WriteThread(MimeMessage message, NotificationRenderer renderer)
    {
        if (!options.Threading.Enabled)
        {
            return;
        }
        var date = options.Threading.ByDate ? clock.GetLocalNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
        var hash = GroupKeyHash.Of(renderer.Data.Notification.GroupKey)[..ThreadHashLength];
        // No mail has this id; mail programs gather under it what refers to it.
        var root = $"<alert-{hash}-{date}@alertmanager>";
        message.Headers.Add("References", root);
        message.Headers.Add("In-Reply-To", root);
    }

    private MultipartAlternative Body(NotificationRenderer renderer)
    {
        var (plain, html) = (options.Text, options.Html);
        if (options.Body is not null)
        {
            plain = plain.Length > 0 ? plain : options.Body;
            html = html == EmailOptions.DefaultHtml ? "" : html;
        }
        var text = plain.Length == 0 ? "" : renderer.Text("text", plain, "\0");
        var page = html.Length == 0 ? "" : renderer.Html("html", html, "");
        if (text == "\0" || (html.Length > 0 && page.Length == 0 && text.Length == 0))
        {
            text = renderer.PlainText();
        }
        var body = new MultipartAlternative();
        if (text.Length > 0)
        {
            body.Add(Part("plain", text));
        }
        if (page.Length > 0)
        {
            body.Add(Part("html", page));
        }
        if (body.Count == 0)
        {
            body.Add(Part("plain", ""));
        }
        return body;
    }

    private static TextPart Part(string subtype, string text)
    {
        var part = new TextPart(subtype) { ContentTransferEncoding = ContentEncoding.QuotedPrintable };
        part.SetText(System.Text.Encoding.UTF8, text);
        return part;
    }

    /// <summary>A line end in a header would begin another header.</summary>
    private static string OneLine(string text) =>
        text.Replace("\r", "", StringComparison.Ordinal).Replace('\n', ' ');

    private static string Canonical(string name) =>
        string.Join('-', name.Split('-').Select(static part => part.Length == 0 ? part
            : char.ToUpperInvariant(part[0]) + part[1..].ToLowerInvariant()));
}
