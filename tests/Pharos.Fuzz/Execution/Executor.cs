using System.Diagnostics;
using System.Globalization;

namespace Pharos.Fuzz.Execution;

/// <summary>Runs a target on one input within its limits of time and of allocated bytes.</summary>
/// <remarks>Call it on a thread of <see cref="OnSmallStack"/>: what overflows there overflows on some user's system.</remarks>
internal sealed class Executor(FuzzTarget target)
{
    /// <summary>What .NET gives a thread where the system does not say (musl).</summary>
    private const int StackBytes = 1536 * 1024;

    /// <summary>A busy machine can make any input slow once: it is too slow only if it is so every time.</summary>
    private const int Attempts = 3;

    public static void OnSmallStack(Action action)
    {
        var thread = new Thread(() => action(), StackBytes);
        thread.Start();
        thread.Join();
    }

    public Verdict Run(byte[] input)
    {
        var verdict = RunOnce(input, out var elapsed, out var allocated);
        for (var attempt = 1; attempt < Attempts && verdict.Problem is null && elapsed > target.MaxTime; attempt++)
        {
            verdict = RunOnce(input, out var again, out allocated);
            elapsed = again < elapsed ? again : elapsed;
        }
        var allowed = target.BaseBytes + (input.Length * target.BytesPerInputByte);
        if (verdict.Problem is null && allocated > allowed)
        {
            // The first run of a target also pays for what is made once.
            verdict = RunOnce(input, out _, out allocated);
        }
        return verdict.Problem is not null ? verdict
            : elapsed > target.MaxTime ? verdict with { Problem = "slow", Detail = $"{Number(elapsed.TotalMilliseconds)} ms for {input.Length} bytes" }
            : allocated > allowed ? verdict with { Problem = "memory", Detail = $"{Number(allocated)} bytes allocated for {input.Length} bytes" }
            : verdict;
    }

    private Verdict RunOnce(byte[] input, out TimeSpan elapsed, out long allocated)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        Verdict verdict;
        try
        {
            verdict = Verdict.Good(target.Run(input));
        }
        catch (BrokenPromiseException broken)
        {
            verdict = new Verdict("broken", "broken " + Shape.Of(broken.Message), broken.Message);
        }
        catch (Exception exception)
        {
            verdict = new Verdict(exception.GetType().Name, $"{exception.GetType().Name} {Place(exception)}", exception.ToString());
        }
        // Of a busy machine the clock tells more than the input took, of a process with other threads the processor does.
        cpu = Environment.CpuUsage.TotalTime - cpu;
        elapsed = Stopwatch.GetElapsedTime(clock);
        elapsed = cpu < elapsed ? cpu : elapsed;
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return verdict;
    }

    /// <summary>The innermost method of the product that the exception came through.</summary>
    private static string Place(Exception exception)
    {
        foreach (var frame in new StackTrace(exception).GetFrames())
        {
            var method = frame.GetMethod();
            if (method?.DeclaringType?.FullName is { } type && type.StartsWith("Pharos.", StringComparison.Ordinal))
            {
                return $"in {type}.{method.Name}";
            }
        }
        return "";
    }

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
