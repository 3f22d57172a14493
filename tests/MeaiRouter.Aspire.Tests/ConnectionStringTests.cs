using MeaiRouter.Aspire.Connections;
using MeaiRouter.Configuration;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Aspire.Tests;

public sealed class ConnectionStringTests
{
    public static TheoryData<string, string?, string, string?, string?> Forms => new()
    {
        // OpenAI: the resource's model; the address by default, with and without it, and of one's own.
        { "Endpoint=https://api.openai.com/v1;Key=k;Model=gpt-4o-mini", "openai", "https://api.openai.com/v1", "k", "gpt-4o-mini" },
        { "Endpoint=https://api.openai.com;Key=k;Model=gpt-4o-mini", "openai", "https://api.openai.com/v1", "k", "gpt-4o-mini" },
        { "Key=k;Model=gpt-4o-mini", "openai", "https://api.openai.com/v1", "k", "gpt-4o-mini" },
        { "Endpoint=https://api.openai.com/v1;Key=k", "openai", "https://api.openai.com/v1", "k", null },
        { "endpoint=https://API.openai.com/v1;ApiKey=k;model=m", "openai", "https://api.openai.com/v1", "k", "m" },

        // GitHub Models: one's own, and an organization's.
        { "Endpoint=https://models.github.ai/inference;Key=k;Model=openai/gpt-4o-mini", "github", "https://models.github.ai/inference", "k", "openai/gpt-4o-mini" },
        { "Endpoint=https://models.github.ai/orgs/acme/inference;Key=k;Model=m", "github", "https://models.github.ai/orgs/acme/inference", "k", "m" },

        // Azure OpenAI, Foundry and its inference address.
        { "Endpoint=https://acme.openai.azure.com/;Key=k;Deployment=d", "azure", "https://acme.openai.azure.com/openai/v1", "k", "d" },
        { "Endpoint=https://acme.cognitiveservices.azure.com/;Key=k;DeploymentId=d", "azure", "https://acme.cognitiveservices.azure.com/openai/v1", "k", "d" },
        { "Endpoint=https://acme.cognitiveservices.azure.com/;EndpointAIInference=https://acme.services.ai.azure.com/models;Key=k;Deployment=d", "azure", "https://acme.services.ai.azure.com/openai/v1", "k", "d" },
        { "Endpoint=https://acme.openai.azure.com/openai/v1/;Key=k;Deployment=d", "azure", "https://acme.openai.azure.com/openai/v1/", "k", "d" },
        { "Endpoint=https://bedrock-runtime.us-east-1.amazonaws.com;Key=k;Model=m", "bedrock", "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1", "k", "m" },

        // Ollama's container has a port that the app host chose.
        { "Endpoint=http://localhost:50312;Model=phi3", "ollama", "http://localhost:50312/v1", null, "phi3" },
        { "Endpoint=http://localhost:11434/;Model=phi3", "ollama", "http://localhost:11434/v1", null, "phi3" },
        { "Endpoint=http://cellar:11434;Key=k;Model=phi3", "ollama", "http://cellar:11434/v1", "k", "phi3" },

        // Anybody else's: Foundry Local, a server of one's own, a gateway.
        { "Endpoint=http://127.0.0.1:5272/v1;Key=OPENAI_API_KEY;Model=phi-4-mini", null, "http://127.0.0.1:5272/v1", "OPENAI_API_KEY", "phi-4-mini" },
        { "Endpoint=http://localhost:5000;Key=sk-team;Model=acme/small:floor", null, "http://localhost:5000/v1", "sk-team", "acme/small:floor" },
        { "Endpoint=http://localhost:5001/api;Model=m", null, "http://localhost:5001/api", null, "m" },
        { "Endpoint=\"http://localhost:5001/v1\";Key=\"semi;colon=\";Model=m", null, "http://localhost:5001/v1", "semi;colon=", "m" },
        { "http://localhost:5001/v1", null, "http://localhost:5001/v1", null, null },

        // Whose rules apply where the address does not tell, or tells otherwise.
        { "Provider=vllm;Endpoint=http://localhost:8123;Model=m", "vllm", "http://localhost:8123/v1", null, "m" },
        { "Provider=OpenRouter;Endpoint=http://gateway:8080;Key=k;Model=m", "openrouter", "http://gateway:8080/api/v1", "k", "m" },
        { "Provider=groq;Key=k;Model=m", "groq", "https://api.groq.com/openai/v1", "k", "m" },
        { "Provider=openai-compatible;Endpoint=https://api.openai.com/v1;Key=k;Model=m", null, "https://api.openai.com/v1", "k", "m" },
    };

    public static TheoryData<string, string> Mistakes => new()
    {
        { "", "is missing, and here needs it. In the app host reference the resource: WithReference(chat). Elsewhere set it: Endpoint=...;Key=...;Model=..." },
        { "sk-secret", "is not of the form Endpoint=...;Key=...;Model=..." },
        { "Key=sk-secret;Model=m;=", "is not of the form Endpoint=...;Key=...;Model=..." },
        { "Key=sk-secret;Model=m;Deployment=d", "has both Model and Deployment. Only one of them can be." },
        { "Key=sk-secret;Deployment=d;DeploymentId=d", "has both Deployment and DeploymentId. Only one of them can be." },
        { "Endpoint=sk-secret;Key=sk-secret;Model=m", "its Endpoint is neither an absolute http or https address nor the name of a service that the app references." },
        { "Endpoint=ftp://sk-secret;Model=m", "its Endpoint is neither an absolute http or https address nor the name of a service that the app references." },
        { "Endpoint=https+http://sk-secret;Model=m", "its Endpoint is neither an absolute http or https address nor the name of a service that the app references." },
        { "Endpoint=http://x/v1;Key=sk-secret\u00e4;Model=m", "its Key holds a character that cannot be sent in an HTTP header." },
        { "Provider=gorq;Key=sk-secret;Model=m", "its Provider 'gorq' is not a known one. Did you mean 'groq'?" },
        { "Provider=openai-compatible;Key=sk-secret;Model=m", "has no Endpoint, without which a provider of the type openai-compatible cannot be reached." },
        { "Provider=azure;Key=sk-secret;Model=m", "has no Endpoint, without which Azure OpenAI cannot be reached." },
        { "Endpoint=https://api.cloudflare.com;Key=sk-secret;Model=m", "its Endpoint must have the whole path at Cloudflare Workers AI, which holds the account." },
        {
            "Endpoint=https://acme.openai.azure.com/;Deployment=d",
            "has no Key, which Azure OpenAI wants. Add Key=... to it, or set the environment variable AZURE_OPENAI_API_KEY or AZURE_API_KEY. To sign in with an identity "
            + "instead, add a client of your own with AddProvider and let the endpoints name it as their Provider."
        },
    };

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_form_is_understood(string text, string? provider, string address, string? key, string? model)
    {
        var errors = new ConfigurationErrors();

        var connection = Reader(text, errors).Read("chat", "here");

        errors.ThrowIfAny();
        Assert.Equal((provider, new Uri(address), key, model), (connection?.Provider?.Name, connection?.BaseUrl, connection?.Key, connection?.Model));
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Every_mistake_is_named_once_and_without_the_key(string text, string error)
    {
        var errors = new ConfigurationErrors();
        var reader = Reader(text, errors);

        Assert.Null(reader.Read("chat", "here"));
        Assert.Null(reader.Read("Chat", "there"));

        var exception = Assert.Throws<MeaiRouterConfigurationException>(errors.ThrowIfAny);
        Assert.Equal(["ConnectionStrings:chat: " + error], exception.Errors);
        Assert.DoesNotContain("sk-secret", exception.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_may_come_from_the_environment()
    {
        var errors = new ConfigurationErrors();
        var reader = new ConnectionReader(
            App.With(("chat", "Endpoint=https://acme.openai.azure.com/;Deployment=d")).Configuration, variable => variable == "AZURE_API_KEY" ? "k" : null, errors);

        var connection = reader.Read("chat", "here");

        errors.ThrowIfAny();
        Assert.Null(connection!.Key);
    }

    [Fact]
    public void A_name_that_cannot_be_a_name_is_refused_where_it_stands()
    {
        var errors = new ConfigurationErrors();

        Assert.Null(Reader("Key=k", errors).Read("a:b", "here"));

        Assert.Equal(["here: 'a:b' cannot be the name of a connection string."], Assert.Throws<MeaiRouterConfigurationException>(errors.ThrowIfAny).Errors);
    }

    [Theory]
    [InlineData("https+http://gateway/v1", "https://localhost:7001/v1")]
    [InlineData("http+https://gateway/v1", "http://localhost:5001/v1")]
    [InlineData("http://gateway", "http://localhost:5001/")]
    [InlineData("http://elsewhere:81/v1", "http://elsewhere:81/v1")]
    public void Names_of_services_become_their_addresses(string endpoint, string address)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["services:gateway:https:0"] = "https://localhost:7001",
            ["services:gateway:http:0"] = "http://localhost:5001",
        }).Build();

        Assert.Equal(new Uri(address), ServiceNames.Resolve(endpoint, configuration));
    }

    private static ConnectionReader Reader(string text, ConfigurationErrors errors) => new(App.With(("chat", text)).Configuration, static _ => null, errors);
}
