using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Pharos.Server.Configuration.Web;
using Pharos.Server.Hosting;

namespace Pharos.Server.Security;

/// <summary>Reads what the server shows to its clients.</summary>
internal static class ServerCertificate
{
    /// <summary>Certificate, key and the chain behind the certificate.</summary>
    /// <exception cref="CryptographicException">The PEM is none, or key and certificate do not belong together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static SslStreamCertificateContext Read(WebTlsConfig tls)
    {
        var pem = tls.Certificate.Reveal();
        var leaf = X509Certificate2.CreateFromPem(pem, tls.Key.Reveal());
        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(pem);
        // Offline: a handshake must not wait for a download of what the file lacks.
        return SslStreamCertificateContext.Create(leaf, chain, offline: true);
    }

    /// <exception cref="ServerStartException">The pair cannot be used.</exception>
    public static void Check(WebTlsConfig tls, string path)
    {
        try
        {
            Read(tls);
            if (tls.ClientCa is { } authorities)
            {
                new X509Certificate2Collection().ImportFromPem(authorities.Reveal());
            }
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new ServerStartException($"{path}: tls_server_config: {e.Message}", e);
        }
    }
}
