using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Hosting;
using Pharos.Server.Configuration.Web;

namespace Pharos.Server.Security;

/// <summary>Makes listeners speak TLS as the web configuration says when each connection comes: certificates are rotated
/// by replacing their files.</summary>
internal sealed class TlsConnections(WebAccess access)
{
    private readonly Lock _gate = new();
    private (string Stamp, WebTlsConfig Config, SslServerAuthenticationOptions Options)? _last;

    /// <summary>Adds TLS where the file asked for it at the start; it is neither begun nor ended later.</summary>
    public void Use(ListenOptions listen)
    {
        if (access.Current is not { } config)
        {
            return;
        }
        if (!config.Http2)
        {
            listen.Protocols = HttpProtocols.Http1;
        }
        if (config.Tls is not null)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(Options()) });
        }
    }

    /// <exception cref="AuthenticationException">The file is broken: the handshake fails.</exception>
    private SslServerAuthenticationOptions Options()
    {
        var tls = access.Current?.Tls ?? throw new AuthenticationException("the web configuration holds no usable tls_server_config");
        lock (_gate)
        {
            var stamp = FileStamps.Of(tls.Certificate.File, tls.Key.File, tls.ClientCa?.File);
            if (_last is not { } last || last.Config != tls || last.Stamp != stamp)
            {
                // Options that fail to be made leave the last ones where they are, and this handshake fails.
                last = (stamp, tls, Create(tls));
                _last = last;
            }
            return last.Options;
        }
    }

    private static SslServerAuthenticationOptions Create(WebTlsConfig tls)
    {
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = ServerCertificate.Read(tls),
            EnabledSslProtocols = tls.Protocols,
            ClientCertificateRequired = tls.ClientAuth != ClientAuthType.NoClientCert,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (tls.CipherSuites.Count > 0 && OperatingSystem.IsLinux())
        {
            // As in Go, the list is about TLS 1.2 and before: the suites of 1.3 are always there.
            options.CipherSuitesPolicy = new CipherSuitesPolicy(tls.CipherSuites.Union(
            [
                TlsCipherSuite.TLS_AES_128_GCM_SHA256, TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
            ]));
        }
        if (options.ClientCertificateRequired)
        {
            var check = new ClientCertificateCheck(tls);
            options.RemoteCertificateValidationCallback = (_, certificate, chain, _) => check.IsWelcome(certificate, chain);
        }
        return options;
    }
}
