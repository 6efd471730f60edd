using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pharos.Instrumentation.Tests;

/// <summary>Keeps the spans of the sources of one name.</summary>
internal sealed class Spans : IDisposable
{
    private readonly ActivityListener _listener;

    public Spans(string source, ActivitySamplingResult result = ActivitySamplingResult.AllDataAndRecorded)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => result,
            ActivityStopped = All.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ConcurrentQueue<Activity> All { get; } = [];

    public Activity Single => Assert.Single(All);

    public void Dispose() => _listener.Dispose();
}
