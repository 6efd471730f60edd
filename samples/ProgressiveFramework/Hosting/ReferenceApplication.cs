using ProgressiveFramework.Agents;
using ProgressiveFramework.DataStores;
using ProgressiveFramework.Faults;
using ProgressiveFramework.Load;
using ProgressiveFramework.WebApi;

namespace ProgressiveFramework.Hosting;

/// <summary>The whole monitored system in one process: web API, agents, simulated data store exporters, and its users.</summary>
public sealed class ReferenceApplication : IAsyncDisposable
{
    private readonly List<IAsyncDisposable> _parts = [];

    private ReferenceApplication(FaultSwitches faults) => Faults = faults;

    public FaultSwitches Faults { get; }

    /// <summary>Where each part listens, by name: web, mca, npa, wpa, postgres, redis, mongodb.</summary>
    public IReadOnlyDictionary<string, int> Ports { get; private set; } = new Dictionary<string, int>();

    public static async Task<ReferenceApplication> StartAsync(FrameworkOptions options, TimeProvider time)
    {
        var application = new ReferenceApplication(new FaultSwitches());
        try
        {
            await application.StartPartsAsync(options, time);
            return application;
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The load first, then who serves it.
        for (var i = _parts.Count - 1; i >= 0; i--)
        {
            await _parts[i].DisposeAsync();
        }
        _parts.Clear();
    }

    private async Task StartPartsAsync(FrameworkOptions options, TimeProvider time)
    {
        var seeds = new Random(options.Seed);
        var stores = Add(new DataStoreSimulation(Faults, new Random(seeds.Next()), time));
        var ports = new Dictionary<string, int>(await stores.ListenAsync(options), StringComparer.Ordinal);

        Random NextRandom() => new(seeds.Next());

        var npa = Add(await AgentHost.StartAsync(
            AgentProfile.Nutrition, options, options.NutritionPort, stores, Faults, NextRandom(), time));
        var wpa = Add(await AgentHost.StartAsync(
            AgentProfile.Workout, options, options.WorkoutPort, stores, Faults, NextRandom(), time));
        var mca = Add(await AgentHost.StartCoordinatorAsync(
            options, options.CoordinatorPort, [npa, wpa], stores, Faults, NextRandom(), time));
        var web = Add(await WebApiHost.StartAsync(options, mca.Address, Faults, stores, NextRandom(), time));
        Add(UserLoad.Start(web, options.MaxUsers, NextRandom(), time));
        foreach (var (name, port) in new[] { ("web", web.Port), ("mca", mca.Port), ("npa", npa.Port), ("wpa", wpa.Port) })
        {
            ports[name] = port;
        }
        Ports = ports;
    }

    private T Add<T>(T part)
        where T : IAsyncDisposable
    {
        _parts.Add(part);
        return part;
    }
}
