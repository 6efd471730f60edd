using System.Diagnostics;
using System.Globalization;

namespace Pharos.Fuzz.Hunting;

/// <summary>The parent: lets a child hunt, and keeps the input at which a child died or hung.</summary>
internal sealed class Supervisor(FuzzTarget target, int seed)
{
    /// <summary>A child without a new input for so long hangs.</summary>
    private static readonly TimeSpan MaxSilence = TimeSpan.FromSeconds(180);

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>What a child may hold in memory; beyond it .NET throws, and that is a finding.</summary>
    private const string HeapLimitBytes = "0x60000000";

    private readonly Findings _findings = new(target);
    private int _deaths;

    public async Task<long> HuntAsync(TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var executions = 0L;
        for (var round = 0; clock.Elapsed < time; round++)
        {
            var statePath = Path.GetTempFileName();
            try
            {
                executions += await HuntOnceAsync(seed + round, time - clock.Elapsed, statePath);
            }
            finally
            {
                File.Delete(statePath);
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{target.Name}: seed {seed}, {clock.Elapsed.TotalSeconds:0} s, {executions} executions, {_deaths} deaths"));
        return executions;
    }

    private async Task<long> HuntOnceAsync(int childSeed, TimeSpan time, string statePath)
    {
        using var state = new HuntState(statePath);
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            ArgumentList =
            {
                "child", target.Name, ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture),
                childSeed.ToString(CultureInfo.InvariantCulture), statePath,
            },
            Environment = { ["DOTNET_GCHeapHardLimit"] = HeapLimitBytes, ["DOTNET_DbgEnableMiniDump"] = "0" },
        };
        using var child = Process.Start(start)!;
        var (last, since) = (-1L, Stopwatch.StartNew());
        while (!child.HasExited)
        {
            await Task.Delay(Poll);
            if (state.Executions != last)
            {
                (last, since) = (state.Executions, Stopwatch.StartNew());
            }
            else if (since.Elapsed > MaxSilence)
            {
                Keep(state, "hang", $"no end within {MaxSilence.TotalSeconds} s, seed {childSeed}");
                child.Kill();
                await child.WaitForExitAsync();
                return state.Executions;
            }
        }
        if (child.ExitCode != 0)
        {
            Keep(state, "death", $"the process ended with {child.ExitCode}, seed {childSeed}");
        }
        return state.Executions;
    }

    private void Keep(HuntState state, string kind, string detail)
    {
        _deaths++;
        _findings.Keep(state.Input, string.Create(CultureInfo.InvariantCulture, $"{kind} {seed}-{_deaths}"), detail);
        Console.WriteLine($"    FOUND {target.Name}: {kind}: {detail}");
    }
}
