using MeaiRouter.Testing;

namespace Samples.Gateway;

/// <summary>Two scripted providers on loopback, one of which is down, so that the gateway can be tried without any account.</summary>
internal sealed class Demo : IAsyncDisposable
{
    private readonly ScriptedProvider _cheap;
    private readonly ScriptedProvider _reliable;

    private Demo(ScriptedProvider cheap, ScriptedProvider reliable)
    {
        _cheap = cheap;
        _reliable = reliable;
    }

    public static async Task<Demo> StartAsync(ConfigurationManager configuration)
    {
        var cheap = await ScriptedProvider.StartAsync("cheap");
        cheap.ForModel("small-v1").Always(Fault.Unavailable());
        var reliable = await ScriptedProvider.StartAsync("reliable");
        reliable.ForModel("small-v1").Always(Reply.Text("Hello from the reliable provider.").WithUsage(prompt: 12, completion: 6));

        configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MeaiRouter:Providers:cheap:BaseUrl"] = cheap.BaseUrl.ToString(),
            ["MeaiRouter:Providers:reliable:BaseUrl"] = reliable.BaseUrl.ToString(),
            ["MeaiRouter:Routing:Strategy"] = "price",
            ["MeaiRouter:Models:acme/small:Endpoints:0:Provider"] = "cheap",
            ["MeaiRouter:Models:acme/small:Endpoints:0:Model"] = "small-v1",
            ["MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Prompt"] = "0.5",
            ["MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Completion"] = "1.5",
            ["MeaiRouter:Models:acme/small:Endpoints:1:Provider"] = "reliable",
            ["MeaiRouter:Models:acme/small:Endpoints:1:Model"] = "small-v1",
            ["MeaiRouter:Models:acme/small:Endpoints:1:PricePerMillion:Prompt"] = "3",
            ["MeaiRouter:Models:acme/small:Endpoints:1:PricePerMillion:Completion"] = "9",
        });
        return new Demo(cheap, reliable);
    }

    public static void Describe(IEnumerable<string> addresses)
    {
        Console.WriteLine(
            $$"""

            No models are configured, so this gateway serves 'acme/small' from two scripted providers, of which the cheap one is down. Try:

            curl -i {{addresses.First()}}/v1/chat/completions -H 'Content-Type: application/json' \
              -d '{"model":"acme/small","messages":[{"role":"user","content":"Hello"}]}'

            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _cheap.DisposeAsync();
        await _reliable.DisposeAsync();
    }
}
