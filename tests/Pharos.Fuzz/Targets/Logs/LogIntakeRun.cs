using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Collection.Receivers.Loki.Otlp;

namespace Pharos.Fuzz.Targets.Logs;

/// <summary>Takes one body in under several limits, each twice, and says what came of it.</summary>
internal static class LogIntakeRun
{
    private static readonly LokiIngestLimits[] Limits =
    [
        LokiIngestLimits.Default,
        LokiIngestLimits.Default with
        {
            RejectOldSamples = false, CreationGracePeriod = TimeSpan.FromDays(10_000), MaxLineBytes = 16, TruncateLines = true,
            TruncationMark = "\u2026", IncrementDuplicateTimestamps = true, MaxLabelNames = 2,
            MaxStructuredMetadataEntries = 3, MaxStructuredMetadataBytes = 100,
            Otlp = new OtlpLogOptions
            {
                ResourceAttributes =
                [
                    new OtlpAttributeRule(OtlpAttributeAction.Drop, ["host.name"], null),
                    new OtlpAttributeRule(OtlpAttributeAction.IndexLabel, ["a"], null),
                ],
                LogAttributes = [new OtlpAttributeRule(OtlpAttributeAction.Drop, ["b"], null)],
                SeverityTextAsLabel = true,
            },
        },
    ];

    /// <param name="push">Takes the body in.</param>
    public static string Of(Func<LokiIntake, LokiPushOutcome> push)
    {
        var shape = "";
        foreach (var limits in Limits)
        {
            var (first, hash) = Push(limits, push);
            var (second, again) = Push(limits, push);
            if (first != second || hash != again)
            {
                throw new BrokenPromiseException("a body that comes again is read as another");
            }
            shape += $"{first} ";
        }
        return shape;
    }

    private static (string Shape, ulong Hash) Push(LokiIngestLimits limits, Func<LokiIntake, LokiPushOutcome> push)
    {
        var store = new CheckedLogStore();
        var intake = new LokiIntake(store, _ => limits, FixedTime.Instance, FuzzMeter.Instance);
        try
        {
            var outcome = push(intake);
            if (outcome.Stored != store.Count)
            {
                throw new BrokenPromiseException($"{outcome.Stored} entries are said to be stored, {store.Count} are");
            }
            if (outcome.Refused > 0 == (outcome.Status == LokiPushOutcome.NoContent) || outcome.Refused > 0 == (outcome.Message.Length == 0))
            {
                throw new BrokenPromiseException($"{outcome.Refused} entries are refused with status {outcome.Status} and the text {outcome.Message}");
            }
            var counts = $"{Shape.Of(store.Streams)}.{Shape.Of(store.Count)}.{Shape.Of(store.Metadata)}.{Shape.Of(outcome.Refused)}";
            return ($"{counts}{Shape.Of(outcome.Message)}", store.Hash);
        }
        catch (InvalidDataException bad)
        {
            return store.Count == 0 ? (Shape.Of(bad.Message), 0UL) : throw new BrokenPromiseException("a body that is none was stored");
        }
    }
}
