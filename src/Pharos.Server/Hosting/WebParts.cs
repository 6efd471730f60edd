using Microsoft.AspNetCore.Builder;
using Pharos.Server.Hosting.Ports;
using Pharos.Server.Security;

namespace Pharos.Server.Hosting;

/// <summary>The HTTP side of a server before it knows any store: where it listens, who may ask, and the host itself.</summary>
/// <param name="Listen">Every address, in the order of the options, the familiar ports last.</param>
/// <param name="Access">The web configuration; null where there is none.</param>
internal sealed record WebParts(IReadOnlyList<ListenAddress> Listen, WebAccess? Access, WebApplication App) : IAsyncDisposable
{
    /// <exception cref="ServerStartException">The web configuration is wrong.</exception>
    public static WebParts Build(PharosServerOptions options)
    {
        var listen = WithFamiliarPorts(options);
        var access = options.WebConfigFile is { } file
            ? WebAccess.Open(file, options.Logging.CreateLogger("pharos"), options.Report) : null;
        return new WebParts(listen, access, HttpHost.Build(options, listen, access));
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        Access?.Dispose();
    }

    private static List<ListenAddress> WithFamiliarPorts(PharosServerOptions options)
    {
        var addresses = options.Listen.ToList();
        var familiarPorts = options.OtlpListen.Select(static otlp => otlp with { Role = PortRole.Otlp }).ToList();
        if (options.AlertmanagerListen is { } alertmanager)
        {
            familiarPorts.Insert(0, alertmanager with { Role = PortRole.Alertmanager });
        }
        if (options.LokiListen is { } loki)
        {
            familiarPorts.Add(loki with { Role = PortRole.Loki });
        }
        familiarPorts.AddRange(options.TracePorts.OverHttp());
        foreach (var familiar in familiarPorts)
        {
            if (options.FamiliarPortsAreOptional && HttpHost.ReasonNotToBind(familiar) is { } reason)
            {
                options.Report($"warning: a familiar port is not opened: {reason}; choose another with --{familiar.Flag}");
            }
            else
            {
                addresses.Add(familiar);
            }
        }
        return addresses;
    }
}
