using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Pharos.Alerting.Receivers.Email;

/// <summary>The <c>tls_config</c> of mail, certificates already read.</summary>
public sealed record SmtpTlsOptions
{
    public bool InsecureSkipVerify { get; init; }

    /// <summary>The name that the server's certificate must carry; empty: the smarthost.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>The authorities to trust instead of the machine's; null: the machine's.</summary>
    public X509Certificate2Collection? Roots { get; init; }

    public X509Certificate2Collection? ClientCertificates { get; init; }

    /// <summary><see cref="SslProtocols.None"/> leaves the choice to the system.</summary>
    public SslProtocols Protocols { get; init; } = SslProtocols.None;
}
