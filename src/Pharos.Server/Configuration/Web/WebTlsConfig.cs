using System.Net.Security;
using System.Security.Authentication;
using Pharos.Storage.Model;

namespace Pharos.Server.Configuration.Web;

/// <summary><c>tls_server_config</c>, validated. Certificates and keys are PEM, inline or in files.</summary>
internal sealed record WebTlsConfig
{
    public required Secret Certificate { get; init; }

    public required Secret Key { get; init; }

    /// <summary>Those who may sign clients' certificates; null for those that the system trusts.</summary>
    public Secret? ClientCa { get; init; }

    public ClientAuthType ClientAuth { get; init; }

    /// <summary>A client's certificate must be for one of these names; none: any will do.</summary>
    public IReadOnlyList<string> ClientAllowedSans { get; init; } = [];

    public SslProtocols Protocols { get; init; }

    /// <summary>None leaves the choice to the system.</summary>
    public IReadOnlyList<TlsCipherSuite> CipherSuites { get; init; } = [];
}
