using MeaiRouter.Attempts;
using MeaiRouter.Catalog;

namespace MeaiRouter.Routing.Filters;

/// <summary><c>quantizations</c>: the weights must have one of the precisions asked for.</summary>
internal sealed class QuantizationFilter : IEndpointFilter
{
    private const string Unknown = "unknown";

    // OpenRouter's list.
    private static readonly string[] Known =
        ["int4", "int8", "fp4", "mxfp4", "nvfp4", "fp6", "fp8", "mxfp8", "fp16", "bf16", "fp32", Unknown];

    public string Name => "quantizations";

    public string ExcludedBy => "quantization";

    public bool AppliesTo(in FilterRequest request) => request.Preferences.Quantizations.Count > 0;

    public string? Reject(in Candidate candidate, in FilterRequest request)
    {
        var precision = candidate.Endpoint.Quantization ?? Unknown;
        foreach (var asked in request.Preferences.Quantizations)
        {
            if (asked.Equals(precision, StringComparison.OrdinalIgnoreCase) || Includes(asked, precision))
                return null;
        }

        return $"Its weights are {precision}, and the request allows {string.Join(", ", request.Preferences.Quantizations)}.";
    }

    /// <summary>Refuses a precision that no endpoint could have.</summary>
    /// <exception cref="RouterException">One of the names is unknown.</exception>
    public static void Verify(IReadOnlyList<string> quantizations)
    {
        foreach (var name in quantizations)
        {
            if (!Known.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw new RouterException(FailureKind.InvalidRequest, $"'{name}' is not a quantization.{NearestNames.Hint(name, Known)}");
        }
    }

    // OpenRouter: fp4 and fp8 include the formats with block scales.
    private static bool Includes(string asked, string precision) => (asked.ToUpperInvariant(), precision.ToUpperInvariant()) switch
    {
        ("FP4", "MXFP4" or "NVFP4") => true,
        ("FP8", "MXFP8") => true,
        _ => false,
    };
}
