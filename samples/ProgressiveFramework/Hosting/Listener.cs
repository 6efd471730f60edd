using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ProgressiveFramework.Hosting;

/// <summary>One Kestrel on one port, quiet on the console.</summary>
public static class Listener
{
    public static WebApplication Create(string host, int port, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{host}:{port}");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(
            endpoint => endpoint.Protocols = HttpProtocols.Http1));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>The port that a started listener has, also where 0 was asked for.</summary>
    public static int PortOf(WebApplication app) => new Uri(app.Services
        .GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.First()).Port;
}
