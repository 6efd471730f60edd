using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ProgressiveFramework.Hosting;

var options = FrameworkOptions.Parse(args);
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
if (options.ParentProcessId is { } parent)
{
    // Whoever started us may be killed without a chance to stop us.
    var watched = Process.GetProcessById(parent);
    watched.EnableRaisingEvents = true;
    watched.Exited += (_, _) => stop.Cancel();
}
await using var application = await ReferenceApplication.StartAsync(options, TimeProvider.System);
foreach (var (name, port) in application.Ports)
{
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} http://{options.Host}:{port}"));
}
Console.WriteLine("ready");
try
{
    await Task.Delay(Timeout.Infinite, stop.Token);
}
catch (OperationCanceledException)
{
    // The ordinary end.
}
