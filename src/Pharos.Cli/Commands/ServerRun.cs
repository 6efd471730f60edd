using System.Runtime.InteropServices;
using Pharos.Server.Hosting;

namespace Pharos.Cli.Commands;

/// <summary>Runs a server until a signal or a client ends it.</summary>
internal static class ServerRun
{
    /// <summary>SIGTERM and SIGINT stop cleanly, SIGHUP reads the configuration again.</summary>
    /// <param name="started">Called once everything is served; may add what goes with the server.</param>
    public static async Task<int> RunAsync(
        PharosServerOptions options, CancellationToken cancellation, Func<PharosServer, Task>? started = null)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void OnStop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.TrySetResult();
        }
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnStop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnStop);
        await using var cancelled = cancellation.Register(() => stop.TrySetResult());
        await using var server = await PharosServer.StartAsync(options, CancellationToken.None);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _ = ReloadAsync(server);
        });
        foreach (var address in server.Addresses)
        {
            await Console.Out.WriteLineAsync($"listening on {address}");
        }
        if (started is not null)
        {
            await started(server);
        }
        await Console.Out.WriteLineAsync("ready");
        await Task.WhenAny(stop.Task, server.QuitRequested);
        await Console.Out.WriteLineAsync("stopping");
        return 0;
    }

    /// <summary>The web interface as the launcher builds it, where it is not beside the program; null for there.</summary>
    public static string? UiFolder()
    {
        if (File.Exists(Path.Combine(AppContext.BaseDirectory, "ui", "index.html"))
            || Environment.GetEnvironmentVariable("PHAROS_HOME") is not { Length: > 0 } home)
        {
            return null;
        }
        return Path.Combine(home, "web", "dist");
    }

    private static async Task ReloadAsync(PharosServer server)
    {
        var errors = await server.ReloadAsync(CancellationToken.None);
        await Console.Out.WriteLineAsync(errors.Count == 0
            ? "configuration reloaded" : $"configuration not reloaded, the old one stays:\n{string.Join('\n', errors)}");
    }
}
