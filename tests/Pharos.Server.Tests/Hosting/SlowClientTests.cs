using System.Net.Sockets;
using System.Text;

namespace Pharos.Server.Tests.Hosting;

public sealed class SlowClientTests
{
    private const int Steps = 11_000;

    /// <summary>Twelve megabytes: more than sockets hold.</summary>
    private static readonly string Query = Uri.EscapeDataString(
        string.Join(" or ", Enumerable.Range(0, 40).Select(static i => $"label_replace(vector(time()/{i + 7}),\"i\",\"{i}\",\"\",\"\")")));

    /// <summary>Nobody reads, so that nothing but the limit ends the request.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Who_does_not_read_the_answer_is_cut_off()
    {
        await using var server = await RunningServer.StartAsync(static options => options with { MinResponseRate = 1_000_000_000 });
        using var socket = await AskAsync(server);
        while (!(await server.GetAsync("/metrics")).Body.Contains("prometheus_http_request_duration_seconds_count{handler=\"/api/v1/query_range\""))
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task Who_reads_it_late_has_it_all()
    {
        await using var server = await RunningServer.StartAsync();
        using var socket = await AskAsync(server);
        using var all = new MemoryStream();
        var room = new byte[1 << 20];
        do
        {
            all.Write(room, 0, await socket.ReceiveAsync(room, TestContext.Current.CancellationToken));
        }
        while (!all.GetBuffer().AsSpan(0, (int)all.Length).EndsWith("\r\n0\r\n\r\n"u8));
        Assert.InRange(all.Length, 10_000_000, long.MaxValue);
    }

    private static async Task<Socket> AskAsync(RunningServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 64 * 1024 };
        await socket.ConnectAsync("127.0.0.1", server.Server.BaseAddress.Port, TestContext.Current.CancellationToken);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes($"GET /api/v1/query_range?query={Query}&start=0&end={Steps - 1}&step=1 HTTP/1.1\r\nHost: pharos\r\n\r\n"),
            TestContext.Current.CancellationToken);
        return socket;
    }
}
