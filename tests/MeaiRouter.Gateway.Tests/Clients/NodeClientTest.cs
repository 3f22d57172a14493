using System.Text.Json.Nodes;
using MeaiRouter.Gateway.Tests.Running;

namespace MeaiRouter.Gateway.Tests.Clients;

/// <summary>A client of npm in a real Node process, of which only the base URL and the key were changed.</summary>
public abstract class NodeClientTest(NodeScripts scripts) : GatewayTest, IClassFixture<NodeScripts>
{
    /// <summary>The script of node/ that uses the client.</summary>
    protected abstract string Script { get; }

    /// <summary>What the script is told when it starts.</summary>
    protected virtual string Argument => "";

    /// <summary>What this client takes as its base URL, as its documentation has it.</summary>
    protected virtual Uri BaseUrl => Gateway.BaseUrl;

    /// <summary>What the client saw: a <c>result</c> or an <c>error</c>.</summary>
    protected Task<JsonObject> AskAsync(string scenario, bool streaming, string key = Key, string model = Model, params IEnumerable<(string Name, JsonNode? Value)> more)
    {
        var asked = new JsonObject { ["scenario"] = scenario, ["streaming"] = streaming, ["baseUrl"] = BaseUrl.ToString(), ["key"] = key, ["model"] = model };
        foreach (var (name, value) in more)
            asked[name] = value;
        return scripts.AskAsync(Script, Argument, asked);
    }

    /// <summary>What the client saw, which must not be an error.</summary>
    protected async Task<JsonNode> ResultAsync(string scenario, bool streaming = false, string key = Key, params IEnumerable<(string Name, JsonNode? Value)> more)
    {
        var seen = await AskAsync(scenario, streaming, key, Model, more);
        Assert.True(seen.ContainsKey("result"), seen.ToJsonString());
        return seen["result"]!;
    }

    /// <summary>The error that the client threw.</summary>
    protected async Task<JsonNode> ErrorAsync(string scenario, bool streaming, string key = Key, string model = Model)
    {
        var seen = await AskAsync(scenario, streaming, key, model);
        Assert.True(seen.ContainsKey("error"), seen.ToJsonString());
        return seen["error"]!;
    }
}
