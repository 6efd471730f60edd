using System.Security.Authentication;
using Pharos.Storage.Model;

namespace Pharos.Server.Outbound;

/// <summary>Whom to trust and as whom to appear. Certificates and keys are PEM, inline or in files that are read at each handshake.</summary>
internal sealed record TlsConfig
{
    public static readonly TlsConfig Default = new();

    public Secret? Ca { get; init; }

    public Secret? Cert { get; init; }

    public Secret? Key { get; init; }

    /// <summary>The name that the server's certificate must carry; empty: the host of the URL.</summary>
    public string ServerName { get; init; } = "";

    public bool InsecureSkipVerify { get; init; }

    /// <summary><see cref="SslProtocols.None"/> leaves the choice to the system.</summary>
    public SslProtocols Protocols { get; init; }
}
