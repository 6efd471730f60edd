using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Shipping;
using Pharos.Collection.Shipping.Files;
using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Stages.Measuring;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Shipping;

/// <summary>One path with its rotated files in a folder of its own, shipped step by step on a clock that stands still.</summary>
internal sealed class FamilyStage : IDisposable
{
    private readonly ShipJobOptions _job;
    private readonly ShipperOptions _options;
    private readonly Func<string, bool> _isTarget;

    public FamilyStage(ShipJobOptions? job = null, ShipperOptions? options = null, Func<string, bool>? isTarget = null)
    {
        _isTarget = isTarget ?? (static _ => false);
        _job = job ?? new ShipJobOptions { JobName = "job" };
        _options = options ?? new ShipperOptions();
        Folder = Directory.CreateTempSubdirectory("pharos-tail-").FullName;
        Live = Path.Combine(Folder, "a.log");
        Family = Make();
    }

    public string Folder { get; }

    public string Live { get; }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(54));

    public SimulatedSink Sink { get; } = new();

    public FileFamily Family { get; private set; }

    public string File(string name) => Path.Combine(Folder, name);

    /// <summary>Does everything that there is to do.</summary>
    public async Task SettleAsync(int seconds = 0)
    {
        for (var i = 0; i < 500; i++)
        {
            if (!await Family.StepAsync(CancellationToken.None))
            {
                if (seconds-- <= 0)
                {
                    return;
                }
                Advance(TimeSpan.FromSeconds(1));
            }
        }
    }

    public void Advance(TimeSpan time)
    {
        var limit = Time.GetUtcNow() + time;
        while (Time.Step(limit))
        {
        }
    }

    /// <summary>The process ends without a word, and another begins.</summary>
    public void Restart()
    {
        Family.Dispose();
        Family = Make();
    }

    public void Dispose()
    {
        Family.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Another client comes to the same file.</summary>
    public FileFamily Another(SimulatedSink sink) => Make(Family.Context.Ship, sink);

    private FileFamily Make()
    {
        var meter = new Meter("test");
        return Make(new ShipContext(_options, Time, NullLogger.Instance, new ShipMetrics(meter), new StageMetrics(meter, Time), null,
            new PositionsFile(_options.PositionsFile, Math.Max(1, _options.Clients.Count))), Sink);
    }

    private FileFamily Make(ShipContext context, SimulatedSink sink)
    {
        var ledger = new TailLedger(sink.Name, _job.JobName, sink.Marks(), Time.GetUtcNow());
        return new FileFamily(new FamilyContext(context, _job, sink, ledger, Live, Live, LabelSet.From(("filename", Live)), _isTarget));
    }
}
