using System.Globalization;
using Pharos.Server.Configuration;

namespace Pharos.Server.Governing;

/// <summary>What is refused, and why.</summary>
/// <param name="Reason">Empty where nothing is.</param>
internal sealed record ShedDecision(ShedLevel Level, string Reason)
{
    public static readonly ShedDecision Nothing = new(ShedLevel.Nothing, "");

    /// <summary>The part of its budget, or the delay, from which a level holds. Processor time alone stops no intake: it costs others
    /// nothing but their time, and delay tells when it does.</summary>
    private static readonly (ShedLevel Level, double Memory, double Cpu, TimeSpan Delay)[] Thresholds =
    [
        (ShedLevel.NewSeries, 0.97, double.PositiveInfinity, TimeSpan.FromSeconds(60)),
        (ShedLevel.RuleEvaluations, 0.92, 1.5, TimeSpan.FromSeconds(15)),
        (ShedLevel.ExpensiveQueries, 0.85, 1.05, TimeSpan.FromSeconds(5)),
    ];

    /// <summary>A level that holds is left only this much below where it began, so that it does not come and go.</summary>
    private const double Slack = 0.05;

    /// <summary>Decides by a measurement and by what held before.</summary>
    public static ShedDecision Decide(in LoadMeasurement load, ResourceBudget budget, ShedLevel before)
    {
        foreach (var (level, memory, cpu, delay) in Thresholds)
        {
            var ease = level <= before ? 1 - Slack : 1;
            if (budget.MemoryBytes > 0 && load.MemoryBytes >= budget.MemoryBytes * memory * ease)
            {
                return new ShedDecision(level, string.Create(CultureInfo.InvariantCulture,
                    $"short of memory: {ByteSize.Format(Round(load.MemoryBytes))} of {ByteSize.Format(Round(budget.MemoryBytes))} in use"));
            }
            if (budget.CpuCores > 0 && load.CpuCores >= budget.CpuCores * cpu * ease)
            {
                return new ShedDecision(level, string.Create(CultureInfo.InvariantCulture,
                    $"short of processor time: {load.CpuCores:0.0} cores busy, {budget.CpuCores:0.0} allowed"));
            }
            if (load.Delay >= delay * ease)
            {
                return new ShedDecision(level, string.Create(CultureInfo.InvariantCulture,
                    $"short of processor time: work waits {load.Delay.TotalSeconds:0} s for a thread"));
            }
        }
        return Nothing;
    }

    private static long Round(long bytes) => bytes >> 20 << 20;
}
