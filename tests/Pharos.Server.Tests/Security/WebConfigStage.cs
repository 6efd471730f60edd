using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pharos.Server.Tests.Hosting;

namespace Pharos.Server.Tests.Security;

/// <summary>A server with a web configuration file, and clients that come to it in several ways.</summary>
internal sealed class WebConfigStage : IAsyncDisposable
{
    private readonly RunningServer _server;

    private WebConfigStage(RunningServer server, TestAuthority authority)
    {
        _server = server;
        Authority = authority;
    }

    public TestAuthority Authority { get; }

    public RunningServer Server => _server;

    public string ConfigFile => Path.Combine(_server.Folder, "web.yml");

    /// <param name="yaml">With <c>server.crt</c>, <c>server.key</c> and <c>clients.crt</c> beside it.</param>
    public static async Task<WebConfigStage> StartAsync(string yaml)
    {
        var folder = RunningServer.NewFolder();
        var authority = new TestAuthority();
        WriteServerPair(folder, authority, "localhost");
        await File.WriteAllTextAsync(Path.Combine(folder, "clients.crt"), authority.Pem);
        var file = Path.Combine(folder, "web.yml");
        await File.WriteAllTextAsync(file, yaml);
        var server = await RunningServer.StartAsync(folder, options => options with
        {
            WebConfigFile = file,
            AlertmanagerListen = new Pharos.Server.Hosting.ListenAddress("127.0.0.1", 0),
        });
        return new WebConfigStage(server, authority);
    }

    public void RotateServerPair(string name) => WriteServerPair(_server.Folder, Authority, name);

    /// <summary>Changes the file; its time moves on even within the clock's grain.</summary>
    public void Rewrite(string yaml)
    {
        var before = File.GetLastWriteTimeUtc(ConfigFile);
        File.WriteAllText(ConfigFile, yaml);
        File.SetLastWriteTimeUtc(ConfigFile, before.AddSeconds(1));
    }

    public async Task<HttpResponseMessage> GetAsync(
        string? credentials = null, (string Certificate, string Key)? client = null, SslProtocols protocols = SslProtocols.None,
        Version? version = null, string path = "/-/healthy", int address = 0, Action<X509Certificate2>? seen = null)
    {
        using var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = protocols,
#pragma warning disable CA5359 // The test looks at the certificate itself.
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                {
                    seen?.Invoke(X509CertificateLoader.LoadCertificate(certificate!.GetRawCertData()));
                    return true;
                },
#pragma warning restore CA5359
            },
        };
        if (client is { } pair)
        {
            var certificate = X509Certificate2.CreateFromPem(pair.Certificate, pair.Key);
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        }
        using var http = new HttpClient(handler) { DefaultRequestVersion = version ?? HttpVersion.Version11, Timeout = TimeSpan.FromSeconds(20) };
        if (credentials is not null)
        {
            http.DefaultRequestHeaders.Authorization =
                new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        }
        return await http.GetAsync(new Uri(_server.Server.Addresses[address], path));
    }

    public async ValueTask DisposeAsync()
    {
        Authority.Dispose();
        await _server.DisposeAsync();
    }

    private static void WriteServerPair(string folder, TestAuthority authority, string name)
    {
        var (certificate, key) = authority.Issue(name, IPAddress.Loopback);
        File.WriteAllText(Path.Combine(folder, "server.crt"), certificate);
        File.WriteAllText(Path.Combine(folder, "server.key"), key);
    }
}
