using Pharos.Storage.Model;

namespace Pharos.Alerting.Receivers.Email;

/// <summary>One entry of <c>email_configs</c>, global <c>smtp_*</c> defaults already applied. <see cref="To"/>,
/// <see cref="From"/>, the headers and the bodies are templates.</summary>
public sealed record EmailOptions
{
    public const string DefaultSubject = """{{ template "email.default.subject" . }}""";
    public const string DefaultHtml = """{{ template "email.default.html" . }}""";

    public bool SendResolved { get; init; }

    /// <summary>Comma-separated addresses.</summary>
    public required string To { get; init; }

    public required string From { get; init; }

    /// <summary>What EHLO says.</summary>
    public string Hello { get; init; } = "localhost";

    public required string SmarthostHost { get; init; }

    public required int SmarthostPort { get; init; }

    /// <summary>Empty: no authentication.</summary>
    public string AuthUsername { get; init; } = "";

    public Secret? AuthPassword { get; init; }

    /// <summary>The shared secret of CRAM-MD5.</summary>
    public Secret? AuthSecret { get; init; }

    public string AuthIdentity { get; init; } = "";

    /// <summary>Headers by name, in any case; they replace the standard ones.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The HTML body; empty leaves it out.</summary>
    public string Html { get; init; } = DefaultHtml;

    /// <summary>The plain body; empty leaves it out.</summary>
    public string Text { get; init; } = "";

    /// <summary>A key <c>subject</c> beside the official ones: what <c>headers.Subject</c> would be. Null where not given;
    /// an explicit header wins.</summary>
    public string? Subject { get; init; }

    /// <summary>A key <c>body</c> beside the official ones: the plain body of a message without HTML, unless
    /// <see cref="Text"/> or another <see cref="Html"/> is given. Null where not given.</summary>
    public string? Body { get; init; }

    /// <summary>Refuse a server that offers no STARTTLS (unless TLS is implicit).</summary>
    public bool RequireTls { get; init; } = true;

    /// <summary>TLS from the first byte; null: on port 465.</summary>
    public bool? ForceImplicitTls { get; init; }

    public SmtpTlsOptions Tls { get; init; } = new();

    public EmailThreadingOptions Threading { get; init; } = new();

    /// <summary>The bound of one attempt.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
