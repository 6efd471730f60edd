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

    /// <param name="secrets">Ranges of the text, in any order; ranges may repeat.</param>
    public static string Apply(string text, IEnumerable<(int Start, int End)> secrets)
    {
        var masked = new StringBuilder(text.Length);
        var at = 0;
        foreach (var (start, end) in secrets.Distinct().Order())
        {
            if (start < at || end > text.Length)
            {
                continue;
            }
            masked.Append(text, at, start - at).Append(Replacement);
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

    // http://user:password@host; no part can hold the "://" of the next, so looking back never adds up.
    [GeneratedRegex(@"(?<before>://[^/\s:@""']*:)[^/\s@""']+@", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex UrlPassword();
}
