using System.Net;
using System.Net.Sockets;
using System.Text;
using Pharos.Server.Outbound;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Outbound;

public sealed class ProxyTunnelTests
{
    [Fact]
    public async Task Headers_of_the_user_go_to_the_proxy_with_CONNECT_and_the_tunnel_speaks_tls_with_the_target()
    {
        using var server = new TlsServer("target.test");
        using var proxy = new Proxy();
        using var client = Create(server, proxy, "user:p%40ss@");
        Assert.Equal("ok", await client.GetStringAsync(server.Url));
        var head = Assert.Single(proxy.Heads);
        Assert.StartsWith($"CONNECT 127.0.0.1:{server.Url.Port} HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Proxy-Key: one\r\nX-Proxy-Key: two\r\n", head, StringComparison.Ordinal);
        Assert.Contains($"\r\nProxy-Authorization: Basic {Convert.ToBase64String("user:p@ss"u8)}\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_that_refuses_is_named()
    {
        using var server = new TlsServer("target.test");
        using var proxy = new Proxy { Answer = "HTTP/1.1 407 Proxy Authentication Required\r\n\r\n" };
        using var client = Create(server, proxy, "");
        var error = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(server.Url));
        Assert.Contains("407 Proxy Authentication Required", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_in_the_clear_are_sent_to_the_proxy_as_they_are()
    {
        using var server = new TlsServer("target.test");
        using var proxy = new Proxy { Answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nproxy" };
        using var client = Create(server, proxy, "");
        Assert.Equal("proxy", await client.GetStringAsync(new Uri("http://nowhere.test/metrics")));
        var head = Assert.Single(proxy.Heads);
        Assert.StartsWith("GET http://nowhere.test/metrics HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Proxy-Key", head, StringComparison.Ordinal);
    }

    private static HttpClient Create(TlsServer server, Proxy proxy, string user) => OutboundHttpClient.Create(new HttpClientConfig
    {
        EnableHttp2 = false,
        Tls = new TlsConfig { Ca = Secret.Inline(server.AuthorityPem), ServerName = "target.test" },
        Proxy = ProxyConfig.None with
        {
            Url = new Uri($"http://{user}127.0.0.1:{proxy.Port}"),
            ConnectHeaders = [new("X-Proxy-Key", Secret.Inline("one")), new("X-Proxy-Key", Secret.Inline("two"))],
        },
    });

    /// <summary>Lets CONNECT through, and answers everything as told otherwise.</summary>
    private sealed class Proxy : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Proxy()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public string? Answer { get; init; }

        public List<string> Heads { get; } = [];

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    _ = ServeAsync(client);
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            using var _ = client;
            var stream = client.GetStream();
            var buffer = new byte[4096];
            var head = Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
            Heads.Add(head);
            if (Answer is { } answer)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
                return;
            }
            using var target = new TcpClient();
            await target.ConnectAsync(IPAddress.Loopback, int.Parse(head.Split(' ')[1].Split(':')[1]));
            await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray());
            await Task.WhenAny(stream.CopyToAsync(target.GetStream()), target.GetStream().CopyToAsync(stream));
        }
    }
}
