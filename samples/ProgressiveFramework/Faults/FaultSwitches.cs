using System.Collections.Concurrent;

namespace ProgressiveFramework.Faults;

/// <summary>Which faults are on. Thread-safe.</summary>
public sealed class FaultSwitches
{
    private readonly ConcurrentDictionary<string, bool> _active = new(StringComparer.Ordinal);

    public bool IsOn(Fault fault) => _active.ContainsKey(fault.Name);

    /// <returns>False where there is no fault of that name.</returns>
    public bool Set(string name, bool active)
    {
        if (!Fault.All.Any(fault => fault.Name == name))
        {
            return false;
        }
        if (active)
        {
            _active[name] = true;
        }
        else
        {
            _active.TryRemove(name, out _);
        }
        return true;
    }
}
