using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Shipping;
using Pharos.Collection.Shipping.Files;
using Pharos.Collection.Shipping.Stages.Measuring;
using Pharos.Collection.Shipping.Targets;

namespace Pharos.Collection.Tests.Shipping;

/// <summary>A push ends when its entries are where they belong, and not before.</summary>
public sealed class PushIntakeTests : IAsyncDisposable
{
    private readonly Meter _meter = new("push");
    private readonly CancellationTokenSource _stop = new();
    private readonly HeldPushHost _host = new();
    private Task _running = Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task A_push_waits_for_every_client()
    {
        var (quick, slow) = (new GatedSink("quick"), new GatedSink("slow"));
        quick.Open();
        var intake = await StartAsync(quick, slow);
        var push = intake.PushLinesAsync("a\nb\n"u8.ToArray(), "", "", CancellationToken.None);
        await slow.Reached;
        Assert.False(push.IsCompleted);
        slow.Open();
        Assert.True(await push);
        Assert.Equal(["a", "b"], quick.Lines);
        Assert.Equal(["a", "b"], slow.Lines);
    }

    [Fact]
    public async Task A_push_of_nothing_ends_at_once()
    {
        var intake = await StartAsync(new GatedSink("never"));
        Assert.True(await intake.PushLinesAsync("\n\n"u8.ToArray(), "", "", CancellationToken.None));
    }

    [Fact]
    public async Task A_push_that_the_sender_or_the_target_gives_up_is_not_answered_as_stored()
    {
        var sink = new GatedSink("stuck");
        var intake = await StartAsync(sink);
        using var sender = new CancellationTokenSource();
        var given = intake.PushLinesAsync("a"u8.ToArray(), "", "", sender.Token);
        var stopped = intake.PushLinesAsync("b"u8.ToArray(), "", "", CancellationToken.None);
        await sink.Reached;
        await sender.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        Assert.False(stopped.IsCompleted);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stopped);
    }

    [Fact]
    public async Task Bodies_that_wait_are_bounded_also_where_senders_have_gone()
    {
        var sink = new GatedSink("stuck");
        var intake = await StartAsync(sink);
        var body = new byte[40 << 20];
        body.AsSpan().Fill((byte)'x');
        using var sender = new CancellationTokenSource();
        var first = intake.PushLinesAsync(body, "", "", sender.Token);
        await sink.Reached;
        await sender.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.False(await intake.PushLinesAsync(body, "", "", CancellationToken.None));
        var small = intake.PushLinesAsync("small"u8.ToArray(), "", "", CancellationToken.None);
        sink.Open();
        Assert.True(await small);
        Assert.True(await intake.PushLinesAsync(body, "", "", CancellationToken.None));
    }

    private async Task<PushIntake> StartAsync(params IShipSink[] sinks)
    {
        var context = new ShipContext(new ShipperOptions(), TimeProvider.System, NullLogger.Instance, new ShipMetrics(_meter),
            new StageMetrics(_meter, TimeProvider.System), null, new PositionsFile("", 1), _host);
        var options = new PushSourceOptions { Host = "127.0.0.1", Port = 1 };
        var run = new SourceRun(context, new ShipJobOptions { JobName = "j", Sources = [options] }, options, sinks);
        _running = Task.Run(() => run.RunAsync(_stop.Token));
        return await _host.Listening;
    }
}
