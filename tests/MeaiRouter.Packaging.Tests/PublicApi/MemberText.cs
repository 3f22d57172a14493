using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace MeaiRouter.Packaging.Tests.PublicApi;

/// <summary>Spells members: the type they are of, their name, what they take and what they give.</summary>
internal static class MemberText
{
    private static readonly NullabilityInfoContext Nullability = new();

    public static string Of(ConstructorInfo constructor) =>
        $"{TypeText.Of(constructor.DeclaringType!)}.{Access(constructor)}new({Parameters(constructor)})";

    public static string Of(FieldInfo field) => field.IsLiteral
        ? $"{TypeText.Of(field.DeclaringType!)}.{field.Name} = {Constant(field.GetRawConstantValue())}"
        : $"{TypeText.Of(field.DeclaringType!)}.{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{field.Name} -> {TypeText.Of(field.FieldType, Nullability.Create(field))}";

    public static string Of(PropertyInfo property)
    {
        var get = property.GetMethod is { } getter && IsSeen(getter) ? " get;" : "";
        var set = property.SetMethod is { } setter && IsSeen(setter) ? IsInit(setter) ? " init;" : " set;" : "";
        var accessor = (property.GetMethod ?? property.SetMethod)!;
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var index = property.GetIndexParameters() is { Length: > 0 } taken ? $"[{string.Join(", ", taken.Select(Of))}]" : "";
        return $"{TypeText.Of(property.DeclaringType!)}.{Access(accessor)}{Modifiers(accessor)}{required}{property.Name}{index} -> "
            + $"{TypeText.Of(property.PropertyType, Nullability.Create(property))} {{{get}{set} }}";
    }

    public static string Of(EventInfo member) =>
        $"{TypeText.Of(member.DeclaringType!)}.{Access(member.AddMethod!)}{Modifiers(member.AddMethod!)}event {member.Name} -> {TypeText.Of(member.EventHandlerType!, Nullability.Create(member))}";

    public static string Of(MethodInfo method)
    {
        var generic = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(static p => p.Name))}>" : "";
        var constraints = method.IsGenericMethodDefinition ? TypeText.Constraints(method.GetGenericArguments()) : "";
        return $"{TypeText.Of(method.DeclaringType!)}.{Access(method)}{Modifiers(method)}{method.Name}{generic}({Parameters(method)}) -> "
            + $"{TypeText.Of(method.ReturnType, Nullability.Create(method.ReturnParameter))}{constraints}";
    }

    private static string Parameters(MethodBase method) => (method.IsDefined(typeof(ExtensionAttribute)) ? "this " : "") + string.Join(", ", method.GetParameters().Select(Of));

    private static string Of(ParameterInfo parameter)
    {
        var way = parameter switch
        {
            { IsOut: true } => "out ",
            { ParameterType.IsByRef: true } => parameter.IsIn ? "in " : "ref ",
            _ => parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "",
        };
        var isStruct = parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null;
        var otherwise = !parameter.HasDefaultValue ? "" : parameter.RawDefaultValue is null && isStruct ? " = default" : $" = {Constant(parameter.RawDefaultValue)}";
        return $"{way}{TypeText.Of(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{otherwise}";
    }

    private static string Access(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method)
    {
        if (method.IsStatic)
            return method.IsAbstract ? "static abstract " : "static ";
        if (method.DeclaringType!.IsInterface)
            return method.IsAbstract ? "" : "default ";
        var overrides = method.GetBaseDefinition().DeclaringType != method.DeclaringType;
        return method.IsAbstract ? "abstract "
            : overrides ? method.IsFinal && !method.DeclaringType.IsSealed ? "sealed override " : "override "
            : method is { IsVirtual: true, IsFinal: false } && !method.DeclaringType.IsSealed ? "virtual " : "";
    }

    private static bool IsSeen(MethodInfo accessor) => accessor.IsPublic || ((accessor.IsFamily || accessor.IsFamilyOrAssembly) && !accessor.DeclaringType!.IsSealed);

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Constant(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        char letter => $"'{letter}'",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
