using MailKit.Security;

namespace Pharos.Alerting.Receivers.Email;

/// <summary>Password and shared secret as they are now: files are read at each attempt.</summary>
internal sealed class SmtpCredentials
{
    private const int MaxReasonChars = 300;

    private readonly EmailOptions _options;
    private readonly string _password;
    private readonly string _secret;

    private SmtpCredentials(EmailOptions options, string password, string secret)
    {
        _options = options;
        _password = password;
        _secret = secret;
    }

    /// <exception cref="IOException">A file cannot be read; the message names it.</exception>
    public static SmtpCredentials Read(EmailOptions options) => options.AuthUsername.Length == 0 ? new(options, "", "")
        : new(options, options.AuthPassword?.Reveal() ?? "", options.AuthSecret?.Reveal() ?? "");

    /// <summary>The first mechanism, in the server's order, that we have the means for: CRAM-MD5 with the secret, PLAIN and
    /// LOGIN with the password.</summary>
    /// <param name="offered">In the order of the server's answer.</param>
    /// <param name="mayShowPassword">Whether nobody between us and the server can listen; PLAIN is refused otherwise.</param>
    /// <exception cref="SmtpAuthUnusableException">None is usable.</exception>
    public SaslMechanism Choose(IEnumerable<string> offered, bool mayShowPassword)
    {
        var lacking = new List<string>();
        foreach (var mechanism in offered)
        {
            switch (mechanism)
            {
                case "CRAM-MD5" when _secret.Length > 0:
                    return new SaslMechanismCramMd5(_options.AuthUsername, _secret);
                case "PLAIN" when _password.Length > 0:
                    return mayShowPassword ? Plain() : throw new SmtpAuthUnusableException("PLAIN over an unencrypted connection");
                case "LOGIN" when _password.Length > 0:
                    return new SaslMechanismLogin(_options.AuthUsername, _password);
                case "CRAM-MD5":
                    lacking.Add("missing secret for CRAM-MD5 auth mechanism");
                    break;
                case "PLAIN" or "LOGIN":
                    lacking.Add($"missing password for {mechanism} auth mechanism");
                    break;
                default:
                    lacking.Add("unknown auth mechanism: " + mechanism);
                    break;
            }
        }
        throw new SmtpAuthUnusableException(string.Join("; ", lacking));
    }

    /// <summary>What a server says, without the secrets that it may repeat.</summary>
    public string Redact(string text) => MessageText.Truncate(Mask(text), MaxReasonChars);

    public string Mask(string text)
    {
        foreach (var secret in new[] { _password, _secret })
        {
            text = secret.Length == 0 ? text : text.Replace(secret, "<secret>", StringComparison.Ordinal);
        }
        return text;
    }

    private SaslMechanismPlain Plain()
    {
        var plain = new SaslMechanismPlain(_options.AuthUsername, _password);
        if (_options.AuthIdentity.Length > 0)
        {
            plain.AuthorizationId = _options.AuthIdentity;
        }
        return plain;
    }
}
