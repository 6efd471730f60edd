using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Pharos.Server.Tests.Api.Loki;

public sealed class TailApiTests
{
    [Fact]
    public async Task A_tail_sends_what_was_there_and_then_what_comes_and_matches()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushAsync("""{"job":"a"}""", "old error", "old");
        using var socket = await ConnectAsync(stage, "{job=\"a\"} |= \"error\"");
        Assert.Equal(["old error"], await ReceiveAsync(socket));
        await stage.PushFromAsync(stage.BaseNs + (10 * LokiStage.Second), """{"job":"b"}""", "other error");
        await stage.PushFromAsync(stage.BaseNs + (10 * LokiStage.Second), """{"job":"a"}""", "fine", "new error");
        Assert.Equal(["new error"], await ReceiveAsync(socket));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
    }

    [Fact]
    public async Task A_browser_asks_by_a_parameter_for_metadata_apart_from_labels()
    {
        await using var stage = await LokiStage.StartAsync();
        await stage.PushAsync("""{"job":"a"}""", "an error");
        using var socket = await ConnectAsync(stage, "{job=\"a\"}", "&encodingFlags=categorize-labels");
        var room = new byte[64 * 1024];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var received = await socket.ReceiveAsync(room, patience.Token);
        using var frame = JsonDocument.Parse(room.AsMemory(0, received.Count));
        var stream = frame.RootElement.GetProperty("streams")[0];
        Assert.False(stream.GetProperty("stream").TryGetProperty("detected_level", out _));
        Assert.Equal("error", stream.GetProperty("values")[0][2].GetProperty("structuredMetadata").GetProperty("detected_level").GetString());
    }

    [Fact]
    public async Task Only_lines_can_be_tailed_and_only_over_a_socket()
    {
        await using var stage = await LokiStage.StartAsync();
        Assert.Equal(400, (await stage.Server.GetAsync("/loki/api/v1/tail?query=" + Uri.EscapeDataString("{job=\"a\"}"))).Status);
        Assert.Equal(
            (400, "only log queries can be tailed\n"),
            await stage.Server.GetAsync("/loki/api/v1/tail?query=" + Uri.EscapeDataString("rate({job=\"a\"}[1m])")));
        Assert.Equal(400, (await stage.Server.GetAsync("/loki/api/v1/tail?delay_for=6&query=" + Uri.EscapeDataString("{job=\"a\"}"))).Status);
    }

    [Fact]
    public async Task A_tenant_has_so_many_tails_at_once()
    {
        await using var stage = await LokiStage.StartAsync("auth_enabled: false\nlimits_config: {max_concurrent_tail_requests: 1}\n");
        using (await ConnectAsync(stage, "{job=\"a\"}"))
        {
            await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(stage, "{job=\"a\"}"));
        }
    }

    private static async Task<ClientWebSocket> ConnectAsync(LokiStage stage, string query, string more = "")
    {
        var socket = new ClientWebSocket();
        var address = new UriBuilder(new Uri(stage.Server.Server.BaseAddress, "/loki/api/v1/tail?query=" + Uri.EscapeDataString(query) + more)) { Scheme = "ws" };
        await socket.ConnectAsync(address.Uri, CancellationToken.None);
        return socket;
    }

    private static async Task<string[]> ReceiveAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var room = new byte[64 * 1024];
        var received = await socket.ReceiveAsync(room, patience.Token);
        using var frame = JsonDocument.Parse(Encoding.UTF8.GetString(room, 0, received.Count));
        return [.. frame.RootElement.GetProperty("streams").EnumerateArray()
            .SelectMany(static stream => stream.GetProperty("values").EnumerateArray()).Select(static value => value[1].GetString()!)];
    }
}
