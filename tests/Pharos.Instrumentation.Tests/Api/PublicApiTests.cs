using Pharos.Instrumentation.Metrics;

namespace Pharos.Instrumentation.Tests.Api;

/// <summary>Applications depend on this surface: a change of it is meant, and seen in the file.</summary>
[Collection(OneAtATime.Name)]
public sealed class PublicApiTests
{
    [Fact]
    public void The_public_surface_is_the_approved_one()
    {
        var file = Path.Combine(Checkout.Root, "tests", "Pharos.Instrumentation.Tests", "Api", "approved.txt");
        var found = PublicApi.Of(typeof(FrameworkMetrics).Assembly);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, found);
        }
        Assert.Equal(File.ReadAllText(file), found);
    }

    [Fact]
    public void Nothing_but_the_framework_is_referenced() => Assert.All(
        typeof(FrameworkMetrics).Assembly.GetReferencedAssemblies(),
        reference => Assert.True(reference.Name!.StartsWith("System", StringComparison.Ordinal)
            || reference.Name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || reference.Name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal), reference.Name));
}
