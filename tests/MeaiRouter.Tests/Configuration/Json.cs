using System.Text;
using Microsoft.Extensions.Configuration;

namespace MeaiRouter.Tests.Configuration;

internal static class Json
{
    /// <summary>The smallest section that is valid: one provider without a key, one model with one endpoint.</summary>
    public const string Smallest = """
        {
          "Providers": { "acme": { "BaseUrl": "http://127.0.0.1:9101/v1" } },
          "Models": { "acme/small": { "Endpoints": [ { "Provider": "acme", "Model": "small-v1" } ] } }
        }
        """;

    /// <summary>A configuration whose section MeaiRouter is made of JSON texts laid one over the other.</summary>
    public static IConfigurationRoot Section(params string[] layers) => Root([.. layers.Select(static layer => $$"""{ "MeaiRouter": {{layer}} }""")]);

    /// <summary>A configuration made of JSON texts laid one over the other.</summary>
    public static IConfigurationRoot Root(params string[] layers) =>
        layers.Aggregate(new ConfigurationBuilder(), static (builder, layer) =>
        {
            builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(layer)));
            return builder;
        }).Build();
}
