using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Pharos.Server.Tests.Outbound;

/// <summary>Answers every HTTPS request on a free loopback port, with a certificate of an authority of its own.</summary>
internal sealed class TlsServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly X509Certificate2 _certificate;
    private readonly bool _wantsClientCertificate;

    public TlsServer(string name, bool wantsClientCertificate = false)
    {
        _wantsClientCertificate = wantsClientCertificate;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var from = TimeProvider.System.GetUtcNow().AddDays(-1);
        using var root = authority.CreateSelfSigned(from, from.AddDays(10));
        AuthorityPem = root.ExportCertificatePem();
        (_certificate, _, _) = Issue(root, name, from);
        (_, ClientCertificatePem, ClientKeyPem) = Issue(root, "client", from);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string AuthorityPem { get; }

    public string ClientCertificatePem { get; }

    public string ClientKeyPem { get; }

    public string? SeenClient { get; private set; }

    public Uri Url => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/");

    public void Dispose()
    {
        _listener.Dispose();
        _certificate.Dispose();
    }

    private static (X509Certificate2 Certificate, string Pem, string KeyPem) Issue(X509Certificate2 root, string name, DateTimeOffset from)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(root, from, from.AddDays(5), RandomNumberGenerator.GetBytes(8));
        return (issued.CopyWithPrivateKey(key), issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        try
        {
            await using var stream = new SslStream(client.GetStream());
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = _certificate,
                ClientCertificateRequired = _wantsClientCertificate,
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    SeenClient = certificate?.Subject;
                    return certificate is not null || !_wantsClientCertificate;
                },
            });
            _ = await stream.ReadAsync(new byte[4096]);
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"));
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // The client did not like the certificate: what some tests want.
        }
    }
}
