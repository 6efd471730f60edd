using System.CommandLine;
using Microsoft.Extensions.Logging;
using Pharos.Cli.Demo;
using Pharos.Cli.Logging;
using Pharos.Server.Hosting;
using Pharos.Server.Hosting.Ports;

namespace Pharos.Cli.Commands;

/// <summary><c>pharos demo</c>: Pharos with the progressive-framework pack, the reference application, and a sink for all
/// that Pharos sends.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "Pharos' own port.", DefaultValueFactory = _ => 9090 };
        var data = new Option<string?>("--data") { Description = "Where to keep the data; default a new temporary folder." };
        var verbose = new Option<bool>("--verbose") { Description = "Log what happens, not only what goes wrong." };
        var command = new Command("demo", "Starts everything with the reference application, to be looked at.") { port, data, verbose };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(port), parsed.GetValue(data), parsed.GetValue(verbose), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int port, string? data, bool verbose, CancellationToken cancellation)
    {
        if (Installation.Pack is not { } pack || Installation.ReferenceApplication is not { } application)
        {
            await Console.Error.WriteLineAsync("pharos demo: the pack or the reference application is not here; start it as ./pharos demo in a checkout");
            return 1;
        }
        var folder = data ?? Directory.CreateTempSubdirectory("pharos-demo-").FullName;
        var ports = DemoPorts.Choose();
        foreach (var (part, usual, moved) in ports.Moved)
        {
            await Console.Error.WriteLineAsync($"warning: port {usual} ({part}) is in use; {moved} stands in for it");
        }
        try
        {
            var logs = Path.Combine(folder, "logs");
            DemoWorkspace.Write(pack, Path.Combine(folder, "config"), ports, port, logs);
            var messages = new SinkMessages(TimeProvider.System);
            await using var httpSink = await HttpSink.StartAsync(ports["sink"], messages);
            await using var mailSink = MailSink.Start(ports["mail"], messages);
            await using var child = await ReferenceProcess.StartAsync(
                application, ports, logs, new Uri($"http://127.0.0.1:{port}"), cancellation);
            using var endpoints = new DemoEndpoints(messages, new Uri($"http://127.0.0.1:{ports["web"]}"));
            using var logging = ConsoleLogging.Create(verbose ? LogLevel.Information : LogLevel.Warning, json: false);
            var options = new PharosServerOptions
            {
                Folder = Path.Combine(folder, "config"),
                DataPath = Path.Combine(folder, "data"),
                UiFolder = ServerRun.UiFolder(),
                Listen = [new ListenAddress("127.0.0.1", port, "port")],
                AlertmanagerListen = new ListenAddress("127.0.0.1", FamiliarPorts.Alertmanager, "familiar-ports"),
                LokiListen = new ListenAddress("127.0.0.1", FamiliarPorts.Loki, "familiar-ports"),
                OtlpListen =
                [
                    new ListenAddress("127.0.0.1", FamiliarPorts.OtlpGrpc, "familiar-ports"),
                    new ListenAddress("127.0.0.1", FamiliarPorts.OtlpHttp, "familiar-ports"),
                ],
                TracePorts = TracePorts.Familiar("127.0.0.1", "familiar-ports"),
                FamiliarPortsAreOptional = true,
                EnableLifecycle = true,
                EnableOtlpReceiver = true,
                Demo = true,
                MoreEndpoints = [endpoints.Map],
                Flags = new Dictionary<string, string>
                {
                    ["config.file"] = Path.Combine(folder, "config", "prometheus.yml"),
                    ["alertmanager.config.file"] = Path.Combine(folder, "config", "alertmanager.yml"),
                    ["storage.tsdb.path"] = Path.Combine(folder, "data"),
                    ["web.listen-address"] = $"127.0.0.1:{port}",
                    ["web.enable-lifecycle"] = "true",
                },
                Logging = logging,
                Report = line => Console.Error.WriteLine(line),
            };
            return await ServerRun.RunAsync(options, cancellation, server => AnnounceAsync(server, ports, folder));
        }
        catch (Exception e) when (e is InvalidOperationException or ServerStartException or IOException)
        {
            await Console.Error.WriteLineAsync($"pharos demo: {e.Message}");
            return 1;
        }
        finally
        {
            if (data is null && Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static Task AnnounceAsync(PharosServer server, DemoPorts ports, string folder) => Console.Out.WriteLineAsync($"""

              Pharos                {server.BaseAddress}
                dashboards          {server.BaseAddress}dashboards
                logs                {server.BaseAddress}logs
                traces              {server.BaseAddress}traces
                service map         {server.BaseAddress}service-map
                faults to switch on {server.BaseAddress}demo
                what was sent       {server.BaseAddress}notifications
              reference application http://127.0.0.1:{ports["web"]}  (agents on {ports["mca"]}, {ports["npa"]}, {ports["wpa"]})
              data                  {folder}

            Stop with Ctrl-C.

            """);
}
