using Pharos.Collection.Shipping;

namespace Pharos.Collection.Tests.Shipping;

/// <summary>Keeps lines and marks in one step, and can end the process before or after that.</summary>
internal sealed class SimulatedSink : IShipSink
{
    private readonly Dictionary<string, string> _marks = new(StringComparer.Ordinal);

    public string Name { get; init; } = "test";

    public List<string> Lines { get; } = [];

    public List<string> Labels { get; } = [];

    /// <summary>Asked at each delivery; 1 ends the process before it is stored, 2 after.</summary>
    public Func<int> Crash { get; set; } = static () => 0;

    public IReadOnlyDictionary<string, string> Marks() => new Dictionary<string, string>(_marks, StringComparer.Ordinal);

    public ValueTask DeliverAsync(ShipBatch batch, CancellationToken cancellation)
    {
        var crash = Crash();
        if (crash == 1)
        {
            throw new SimulatedCrashException();
        }
        foreach (var entry in batch.Entries)
        {
            Lines.Add(entry.Line);
            Labels.Add(entry.Labels.Build().ToString());
        }
        foreach (var (key, value) in batch.Marks)
        {
            _marks[key] = value;
        }
        return crash == 2 ? throw new SimulatedCrashException() : ValueTask.CompletedTask;
    }
}
