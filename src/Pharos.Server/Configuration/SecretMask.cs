using System.Text;
using System.Text.RegularExpressions;

namespace Pharos.Server.Configuration;

/// <summary>Hides secrets in a file's text.</summary>
internal static partial class SecretMask
{
    private const string Replacement = "<secret>";

    /// <summary>Keys whose value is a secret wherever they stand, also in sections that are only checked.</summary>
    private static readonly HashSet<string> SecretKeys = new(StringComparer.Ordinal)
    {
        "password", "secret", "token", "token_id", "credentials", "client_secret", "bearer_token", "auth_token", "access_key",
        "secret_key", "private_key", "service_account_key", "key_passphrase", "application_key", "application_secret",
        "consumer_key", "application_credential_secret", "client_certificate_key", "api_key", "api_secret", "alert_source_token",
        "webhook_url", "user_key", "routing_key", "service_key", "app_token", "bot_token", "authorization_credentials",
    };

    public static bool IsSecretKey(string key) => SecretKeys.Contains(key);

    /// <summary>The text without secrets and without comments: a secret that somebody has commented out is one still.</summary>
    /// <param name="secrets">Ranges of the text, in any order; ranges may repeat.</param>
    /// <param name="values">Ranges of the values that hold a number sign.</param>
    public static string Apply(string text, IReadOnlyCollection<(int Start, int End)> secrets, IReadOnlyList<(int Start, int End)> values)
    {
        // The common file hides nothing; what follows takes code that is compiled while the start waits.
        if (secrets.Count == 0 && !text.Contains('#', StringComparison.Ordinal) && !text.Contains('@', StringComparison.Ordinal))
        {
            return text;
        }
        var masked = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (start, end, isComment) in secrets.Select(static range => (range.Start, range.End, IsComment: false))
            .Concat(Comments(text, values)).Distinct().Order())
        {
            if (start < at || end > text.Length)
            {
                continue;
            }
            masked.Append(text, at, start - at).Append(isComment ? "" : Replacement);
            at = end;
            // A block's range takes the line break behind it along.
            if (end > start && text[end - 1] == '\n')
            {
                masked.Append('\n');
            }
        }
        masked.Append(text, at, text.Length - at);
        return UrlPassword().Replace(masked.ToString(), "${before}<secret>@");
    }

    /// <summary>From the number sign to the end of its line, with the blanks before it.</summary>
    private static IEnumerable<(int Start, int End, bool IsComment)> Comments(string text, IReadOnlyList<(int Start, int End)> values)
    {
        for (var i = text.IndexOf('#', StringComparison.Ordinal); i >= 0; i = text.IndexOf('#', i))
        {
            var at = i;
            var behind = values.Where(range => range.Start <= at && at < range.End).Select(static range => range.End).DefaultIfEmpty(0).Max();
            if (behind > 0)
            {
                i = behind;
                continue;
            }
            var end = text.AsSpan(i).IndexOfAny('\r', '\n') is var length and >= 0 ? i + length : text.Length;
            var start = i;
            while (start > 0 && text[start - 1] is ' ' or '\t')
            {
                start--;
            }
            // Within a plain word it is a character like others.
            if (start < i || i == 0 || text[i - 1] is '\r' or '\n')
            {
                yield return (start, end, true);
                i = end;
            }
            else
            {
                i++;
            }
        }
    }

    // http://user:password@host; no part can hold the "://" of the next, so looking back never adds up.
    [GeneratedRegex(@"(?<before>://[^/\s:@""']*:)[^/\s@""']+@", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex UrlPassword();
}
