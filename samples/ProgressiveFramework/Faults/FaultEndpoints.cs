namespace ProgressiveFramework.Faults;

/// <summary><c>GET /faults</c> and <c>PUT /faults/{name}</c> with <c>{"active": true}</c>.</summary>
public static class FaultEndpoints
{
    public static void MapFaults(this IEndpointRouteBuilder endpoints, FaultSwitches faults)
    {
        endpoints.MapGet("/faults", () => new
        {
            faults = Fault.All.Select(fault => new
            {
                name = fault.Name,
                title = fault.Title,
                description = fault.Description,
                active = faults.IsOn(fault),
                target = fault.Target,
            }),
        });
        endpoints.MapPut("/faults/{name}", (string name, FaultState state) => faults.Set(name, state.Active)
            ? Results.Ok(new { name, active = state.Active })
            : Results.NotFound(new { error = $"no fault \"{name}\"; there are: {string.Join(", ", Fault.All.Select(f => f.Name))}" }));
    }

    private sealed record FaultState(bool Active);
}
