using Pharos.Alerting.Notifications;

namespace Pharos.Alerting.Receivers;

/// <summary>What the history keeps of what was said and answered.</summary>
internal static class ExchangeText
{
    public const int MaxPayloadChars = 16 * 1024;
    public const int MaxAnswerChars = 1024;

    /// <summary>No secret is longer. What reaches beyond the bound by less is looked at, too, before it is cut: half a secret is one.</summary>
    private const int MaxSecretChars = 4 * 1024;

    public static NotifyExchange Of(string payload, Func<string, string> redact) =>
        new(Cut(payload, MaxPayloadChars, redact), payload.Length > MaxPayloadChars);

    public static string Answer(string answer, Func<string, string> redact) => Cut(answer.Trim(), MaxAnswerChars, redact);

    private static string Cut(string text, int maxChars, Func<string, string> redact)
    {
        text = redact(text.Length > maxChars + MaxSecretChars ? text[..(maxChars + MaxSecretChars)] : text);
        if (text.Length <= maxChars)
        {
            return text;
        }
        return text[..(char.IsHighSurrogate(text[maxChars - 1]) ? maxChars - 1 : maxChars)];
    }
}
