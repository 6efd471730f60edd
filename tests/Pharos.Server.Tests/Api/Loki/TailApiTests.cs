using System.Net.WebSockets;
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

    [Fact]
    public async Task A_tail_that_cannot_keep_up_is_told_what_it_lost()
    {
        await using var stage = await LokiStage.StartAsync();
        using var socket = await ConnectAsync(stage, "{job=\"a\"}");
        const int Lines = 20_150;
        var times = Enumerable.Range(0, Lines).Select(i => LokiStage.Text(stage.BaseNs + i)).ToArray();
        var values = string.Join(',', times.Select(static time => $"[\"{time}\",\"line\"]"));
        Assert.Equal(
            204, (await stage.Server.PostJsonAsync("/loki/api/v1/push", $$"""{"streams":[{"stream":{"job":"a"},"values":[{{values}}]}]}""")).Status);
        using var frame = await ReceiveFrameAsync(socket);
        var sent = frame.RootElement.GetProperty("streams").EnumerateArray().SelectMany(static stream => stream.GetProperty("values").EnumerateArray());
        Assert.Equal(times[..20_000].Order(), sent.Select(static value => value[0].GetString()!).Order());
        var dropped = frame.RootElement.GetProperty("dropped_entries").EnumerateArray().ToList();
        Assert.Equal(times[20_000..20_100], dropped.Select(static entry => entry.GetProperty("timestamp").GetString()));
        Assert.All(dropped, static entry => Assert.Equal("a", entry.GetProperty("labels").GetProperty("job").GetString()));

        // What comes later comes whole again.
        await stage.PushFromAsync(stage.BaseNs + LokiStage.Second, """{"job":"a"}""", "later");
        using var next = await ReceiveFrameAsync(socket);
        Assert.False(next.RootElement.TryGetProperty("dropped_entries", out _));
        Assert.Equal("later", next.RootElement.GetProperty("streams")[0].GetProperty("values")[0][1].GetString());
    }

    [Fact]
    public async Task A_tail_works_behind_a_route_prefix()
    {
        await using var stage = await LokiStage.StartAsync(change: static options => options with { RoutePrefix = "/under" });
        using var socket = await ConnectAsync(stage, "{job=\"a\"}", prefix: "/under");
        var body = $$"""{"streams":[{"stream":{"job":"a"},"values":[["{{LokiStage.Text(stage.BaseNs)}}","new"]]}]}""";
        Assert.Equal(204, (await stage.Server.PostJsonAsync("/under/loki/api/v1/push", body)).Status);
        Assert.Equal(["new"], await ReceiveAsync(socket));
    }

    [Fact]
    public async Task A_tail_of_several_tenants_says_whose_lines_are()
    {
        await using var stage = await LokiStage.StartAsync("auth_enabled: true\nquerier: {multi_tenant_queries_enabled: true}\n");
        using var socket = await ConnectAsync(stage, "{job=\"a\", __tenant_id__!=\"three\"}", tenants: "one|two|three");
        foreach (var tenant in new[] { "three", "two", "four" })
        {
            var body = $$"""{"streams":[{"stream":{"job":"a"},"values":[["{{LokiStage.Text(stage.BaseNs)}}","of {{tenant}}"]]}]}""";
            Assert.Equal(204, (await stage.SendAsync(HttpMethod.Post, "/loki/api/v1/push", tenant, body)).Status);
        }
        using var frame = await ReceiveFrameAsync(socket);
        var stream = Assert.Single(frame.RootElement.GetProperty("streams").EnumerateArray());
        Assert.Equal("two", stream.GetProperty("stream").GetProperty("__tenant_id__").GetString());
        Assert.Equal("of two", stream.GetProperty("values")[0][1].GetString());
    }

    private static async Task<ClientWebSocket> ConnectAsync(
        LokiStage stage, string query, string more = "", string prefix = "", string? tenants = null)
    {
        var socket = new ClientWebSocket();
        if (tenants is not null)
        {
            socket.Options.SetRequestHeader("X-Scope-OrgID", tenants);
        }
        var path = $"{prefix}/loki/api/v1/tail?query={Uri.EscapeDataString(query)}{more}";
        var address = new UriBuilder(new Uri(stage.Server.Server.BaseAddress, path)) { Scheme = "ws" };
        await socket.ConnectAsync(address.Uri, CancellationToken.None);
        return socket;
    }

    private static async Task<string[]> ReceiveAsync(ClientWebSocket socket)
    {
        using var frame = await ReceiveFrameAsync(socket);
        return [.. frame.RootElement.GetProperty("streams").EnumerateArray()
            .SelectMany(static stream => stream.GetProperty("values").EnumerateArray()).Select(static value => value[1].GetString()!)];
    }

    private static async Task<JsonDocument> ReceiveFrameAsync(ClientWebSocket socket)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var room = new byte[64 * 1024];
        using var frame = new MemoryStream();
        ValueWebSocketReceiveResult received;
        do
        {
            received = await socket.ReceiveAsync(room.AsMemory(), patience.Token);
            frame.Write(room, 0, received.Count);
        }
        while (!received.EndOfMessage);
        return JsonDocument.Parse(frame.ToArray());
    }
}
