using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Stages.Measuring;
using Pharos.Server.Configuration.Promtail;
using Pharos.Storage.Model;

namespace Pharos.Server.Tests.Configuration.Promtail;

/// <summary>Runs the stages of a YAML text over lines.</summary>
internal sealed class StageRun : IEntryOutput
{
    /// <summary>When every line is read.</summary>
    public static readonly DateTimeOffset Now = DateTimeOffset.Parse("2024-03-10T12:00:00Z", CultureInfo.InvariantCulture);

    private readonly Clock _clock = new();
    private long _read;

    public StageRun(string stages)
    {
        var indented = string.Join('\n', stages.Split('\n').Select(line => "  " + line));
        var read = PromtailFile.ReadText("promtail.yml", $"scrape_configs:\n- job_name: test\n  pipeline_stages:\n{indented}\n",
            PromtailReading.Process with { Time = _clock });
        Assert.True(read.Options is not null, string.Join('\n', read.Report.Problems));
        Meter = new Meter("stages");
        Pipeline = new StagePipeline(read.Options.Jobs[0].Stages,
            new StageContext("test", _clock, NullLogger.Instance, new StageMetrics(Meter, _clock), Dropped.Add), this);
    }

    public Meter Meter { get; }

    public StagePipeline Pipeline { get; }

    public List<ShippedEntry> Entries { get; } = [];

    public List<string> Dropped { get; } = [];

    public StageRun Line(string line, params (string Name, string Value)[] labels)
    {
        var entry = new ShippedEntry(LabelSet.From(labels), (_clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100, line);
        entry.Sources.Add(new SourceRange(_read, _read + line.Length + 1));
        _read += line.Length + 1;
        Pipeline.Process(entry);
        return this;
    }

    public void Pass(TimeSpan time)
    {
        _clock.Now += time;
        Pipeline.Flush(everything: false);
    }

    public void End() => Pipeline.Flush(everything: true);

    /// <summary>An entry as a test writes it: labels, line, and the time where it is not that of the reading.</summary>
    public string Text(int entry) => Text(Entries[entry]);

    public string Text(ShippedEntry entry)
    {
        var time = DateTimeOffset.UnixEpoch.AddTicks(entry.TimeNs / 100);
        var rest = entry.TimeNs % 1_000_000_000;
        var metadata = entry.Metadata.Count == 0 ? "" : " " + string.Join(',', entry.Metadata.Select(pair => $"{pair.Key}={pair.Value}"));
        return $"{entry.Labels.Build()} {entry.Line}{metadata}"
            + (time == Now ? "" : $" @{time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture)}{(rest == 0 ? "" : $".{rest:000000000}")}");
    }

    void IEntryOutput.Take(ShippedEntry entry) => Entries.Add(entry);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = StageRun.Now;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}
