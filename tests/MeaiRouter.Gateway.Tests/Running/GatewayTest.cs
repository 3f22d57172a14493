using MeaiRouter.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace MeaiRouter.Gateway.Tests.Running;

/// <summary>A gateway that serves <c>acme/small</c> from the provider "first", which all prefer, and "second", its fallback.</summary>
public abstract class GatewayTest : IAsyncLifetime
{
    /// <summary>The key that callers present.</summary>
    public const string Key = "sk-caller-0123456789";

    protected const string Model = "acme/small";

    /// <summary>How long a test waits for what must happen.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Within this time counts as at once, on a busy machine too.</summary>
    protected static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(1);

    protected ScriptedProvider First { get; private set; } = null!;

    protected ScriptedProvider Second { get; private set; } = null!;

    protected RunningGateway Gateway { get; private set; } = null!;

    protected ModelScript FirstScript => First.ForModel("small-1");

    protected ModelScript SecondScript => Second.ForModel("small-2");

    /// <summary>What a class of tests configures beyond the usual.</summary>
    protected virtual IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>();

    public virtual async Task InitializeAsync()
    {
        First = (await ScriptedProvider.StartAsync("first")).RequireKey("key-of-first");
        Second = (await ScriptedProvider.StartAsync("second")).RequireKey("key-of-second");
        Gateway = await StartGatewayAsync();
    }

    public virtual async Task DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await First.DisposeAsync();
        await Second.DisposeAsync();
    }

    /// <summary>Starts another gateway before the same providers, with settings of its own; null takes one away.</summary>
    protected Task<RunningGateway> StartGatewayAsync(params ReadOnlySpan<(string Key, string? Value)> settings) => StartGatewayAsync(null, settings);

    /// <inheritdoc cref="StartGatewayAsync(ReadOnlySpan{ValueTuple{string, string}})"/>
    protected Task<RunningGateway> StartGatewayAsync(Action<MeaiRouterBuilder>? configure, params ReadOnlySpan<(string Key, string? Value)> settings)
    {
        var all = Configuration();
        foreach (var (key, value) in Settings)
            all[key] = value;
        foreach (var (key, value) in settings)
        {
            if (value is null)
                all.Remove(key);
            else
                all[key] = value;
        }

        return RunningGateway.StartAsync(all, configure);
    }

    /// <summary>The second costs a dollar a token, so that the price-weighted draw as good as never (1 in 10^12) begins with it.</summary>
    protected Dictionary<string, string?> Configuration() => new()
    {
        ["MeaiRouter:Gateway:Keys:0:Name"] = "team-a",
        ["MeaiRouter:Gateway:Keys:0:Key"] = Key,
        ["MeaiRouter:Providers:first:BaseUrl"] = First.BaseUrl.ToString(),
        ["MeaiRouter:Providers:first:ApiKey"] = "key-of-first",
        ["MeaiRouter:Providers:second:BaseUrl"] = Second.BaseUrl.ToString(),
        ["MeaiRouter:Providers:second:ApiKey"] = "key-of-second",
        ["MeaiRouter:Routing:Strategy"] = "price-weighted",
        ["MeaiRouter:Models:acme/small:Name"] = "Acme Small",
        ["MeaiRouter:Models:acme/small:ContextLength"] = "131072",
        ["MeaiRouter:Models:acme/small:MaxOutputTokens"] = "8192",
        ["MeaiRouter:Models:acme/small:InputModalities:0"] = "text",
        ["MeaiRouter:Models:acme/small:InputModalities:1"] = "image",
        ["MeaiRouter:Models:acme/small:InputModalities:2"] = "file",
        ["MeaiRouter:Models:acme/small:InputModalities:3"] = "audio",
        ["MeaiRouter:Models:acme/small:Endpoints:0:Provider"] = "first",
        ["MeaiRouter:Models:acme/small:Endpoints:0:Model"] = "small-1",
        ["MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Prompt"] = "0.5",
        ["MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Completion"] = "1.5",
        ["MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:CacheRead"] = "0.05",
        ["MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:CacheWrite"] = "0.625",
        ["MeaiRouter:Models:acme/small:Endpoints:0:PricePerMillion:Reasoning"] = "2.5",
        ["MeaiRouter:Models:acme/small:Endpoints:1:Provider"] = "second",
        ["MeaiRouter:Models:acme/small:Endpoints:1:Model"] = "small-2",
        ["MeaiRouter:Models:acme/small:Endpoints:1:PricePerMillion:Prompt"] = "1000000",
        ["MeaiRouter:Models:acme/small:Endpoints:1:PricePerMillion:Completion"] = "1000000",
    };

    /// <summary>The body of the simplest request.</summary>
    protected static Dictionary<string, object?> Hello(bool streaming, params ReadOnlySpan<(string Name, object? Value)> fields)
    {
        var body = new Dictionary<string, object?>
        {
            ["model"] = Model,
            ["messages"] = new[] { new { role = "user", content = "Hello" } },
        };
        if (streaming)
            body["stream"] = true;
        foreach (var (name, value) in fields)
            body[name] = value;
        return body;
    }
}
