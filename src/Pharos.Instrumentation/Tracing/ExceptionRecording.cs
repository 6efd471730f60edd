using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Pharos.Instrumentation.Tracing;

/// <summary>An exception that rises through several spans leaves its event, with its stack, in the innermost alone.</summary>
internal static class ExceptionRecording
{
    private static readonly ConditionalWeakTable<Exception, object> Seen = [];

    /// <returns>Whether this was the first time.</returns>
    public static bool Record(Activity? activity, Exception exception)
    {
        if (!Seen.TryAdd(exception, Seen))
        {
            return false;
        }
        if (activity is { IsAllDataRequested: true })
        {
            activity.AddException(exception);
        }
        return true;
    }
}
